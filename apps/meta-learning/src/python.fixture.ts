import { spawnSync } from 'node:child_process';
import { it } from 'vitest';

/** An interpreter with torch and scikit-learn may be named by FOOTHOLD_PYTHON. */
export const python = process.env.FOOTHOLD_PYTHON ?? 'python3';
const answer = spawnSync(python, [
  '-c',
  'import importlib.util as u; print([m for m in ("numpy", "torch", "sklearn") if not u.find_spec(m)])',
]);
const absent = answer.status === 0 ? undefined : `no ${python}`;
const missing =
  answer.status === 0 && `${answer.stdout}`.trim() !== '[]'
    ? `${python} lacks ${`${answer.stdout}`.trim()}`
    : absent;
/** A test that is skipped, with the reason in its name, where there is no such interpreter. */
export const itWithPython = (name: string, run: () => Promise<void>) =>
  absent ? it.skip(`${name} (skipped: ${absent})`, run) : it(name, run);
/** And where that lacks what training needs. */
export const itWithTorch = (name: string, run: () => Promise<void>) =>
  missing ? it.skip(`${name} (skipped: ${missing}; FOOTHOLD_PYTHON names another)`, run) : it(name, run);
