import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../tests/run-command.ts';
import { datasetNames, datasets } from './datasets.ts';
import published from './published.json' with { type: 'json' };
import { itWithSklearn, python } from './python.fixture.ts';

const trainer = fileURLToPath(new URL('../train.py', import.meta.url));
const here = fileURLToPath(new URL('..', import.meta.url));
const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };

/** What the functions of train.py give in one process, which imports scikit-learn once. */
async function inPython<T>(expression: string, given: unknown): Promise<T> {
  const code = `import json, sys; sys.path.insert(0, ${JSON.stringify(here)}); from train import *; given = json.load(sys.stdin); print(json.dumps(${expression}))`;
  const { stdout, stderr } = await runCommand(python, ['-c', code], { env, input: JSON.stringify(given) });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('train.py', { timeout: 120_000 }, () => {
  itWithSklearn('computes the values that LLAMBO published for the same configurations', async () => {
    const { rows } = published.values;
    const made = await inPython<readonly { readonly value: number; readonly generalization: number }[]>(
      '[evaluate(r["learner"], split(r["dataset"]), whole(r["params"])) for r in given]',
      rows,
    );
    rows.forEach(({ learner, dataset, value, generalization }, i) => {
      expect(made[i]!.value, `${dataset}/${learner}`).toBeCloseTo(value, 6);
      expect(made[i]!.generalization, `${dataset}/${learner}`).toBeCloseTo(generalization, 6);
    });
  });
  itWithSklearn('prints the facts that the task cards have', async () => {
    const facts = await inPython<readonly object[]>(
      '[facts_of(split(name)) for name in given]',
      datasetNames,
    );
    datasetNames.forEach((name, i) => {
      expect(facts[i]).toEqual(datasets[name]);
    });
  });
  itWithSklearn('trains every learner on classes and numbers at the lower ends of its ranges', async () => {
    const lowest = Object.entries(published.llambo.spaces).map(([learner, space]) => ({
      learner,
      params: Object.fromEntries(Object.entries(space).map(([name, { range }]) => [name, range[0]])),
    }));
    const values = await inPython<readonly number[]>(
      '[evaluate(t["learner"], split(d), whole(t["params"]))["value"] for t in given for d in ("iris", "diabetes")]',
      lowest,
    );
    expect(values).toHaveLength(10);
    for (const value of values) expect(value).toBeGreaterThan(0);
  });
  itWithSklearn('prints one line, with the hyperparameters of FOOTHOLD_PARAMS', async () => {
    const params = { C: 1, gamma: 1e-3, tol: 1e-3 };
    const words = [trainer, '--learner', 'SVM', '--dataset', 'iris'];
    const given = { ...env, FOOTHOLD_PARAMS: JSON.stringify(params) };
    const { code, stdout, stderr } = await runCommand(python, words, { env: given });
    expect(code, stderr).toBe(0);
    expect(Object.keys(JSON.parse(stdout))).toEqual(['value', 'generalization', 'seconds']);
  });
  itWithSklearn('says that there are no hyperparameters', async () => {
    const { FOOTHOLD_PARAMS: _, ...without } = { ...env, FOOTHOLD_PARAMS: '' };
    const { code, stderr } = await runCommand(python, [trainer, '--learner', 'SVM', '--dataset', 'iris'], {
      env: without,
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining('FOOTHOLD_PARAMS has the hyperparameters')]);
  });
  it('is given 16 published values of eight tasks', () => {
    expect(published.values.rows).toHaveLength(16);
  });
});
