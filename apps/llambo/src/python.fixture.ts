import { spawnSync } from 'node:child_process';
import { it } from 'vitest';

/** An interpreter with scikit-learn may be named by FOOTHOLD_PYTHON. */
export const python = process.env.FOOTHOLD_PYTHON ?? 'python3';
const answer = spawnSync(python, [
  '-c',
  'import importlib.util as u; print(u.find_spec("sklearn") is not None)',
]);
const has = answer.status === 0 && `${answer.stdout}`.trim() === 'True';
const missing = answer.status === 0 ? `${python} has no scikit-learn` : `no ${python}`;
/** A test that is skipped, with the reason in its name, where there is no such interpreter. */
export const itWithSklearn = (name: string, run: () => Promise<void>) =>
  has ? it(name, run) : it.skip(`${name} (skipped: ${missing}; FOOTHOLD_PYTHON names another)`, run);
