import { parametersOf, taskContexts, taskText } from '@foothold/llm';
import { describe, expect, it } from 'vitest';
import { datasetNames } from './datasets.ts';
import { learnerNames, learners } from './learners.ts';
import published from './published.json' with { type: 'json' };
import { tasksOf } from './tasks.ts';

interface Published {
  readonly type: string;
  readonly scale: string;
  readonly range: readonly number[];
}
const spacesOf = (source: { readonly spaces: object }) =>
  source.spaces as Readonly<Record<string, Readonly<Record<string, Published>>>>;

describe('the search spaces', () => {
  it('are those that LLAMBO published: names, kinds, ranges, logarithmic scales', () => {
    const spaces = spacesOf(published.llambo);
    expect(Object.keys(spaces).sort()).toEqual([...learnerNames].sort());
    for (const learner of learnerNames) {
      const own = parametersOf(learners[learner].space)!;
      expect([...own.keys()].sort()).toEqual(Object.keys(spaces[learner]!).sort());
      for (const [name, { type, scale, range }] of Object.entries(spaces[learner]!))
        expect(own.get(name)).toMatchObject({
          ...{ type: type === 'int' ? 'int' : 'real', low: range[0], high: range[1] },
          ...(scale === 'log' && { log: true }),
        });
    }
  });
  it('have the ranges of Bayesmark, of which LLAMBO left out two parameters of the network', () => {
    const [own, theirs] = [spacesOf(published.llambo), spacesOf(published.bayesmark)];
    for (const learner of learnerNames) {
      const left = new Set(Object.keys(theirs[learner]!));
      for (const [name, { range, scale }] of Object.entries(own[learner]!)) {
        expect(theirs[learner]![name]).toMatchObject({ range, scale });
        left.delete(name);
      }
      expect([...left].sort()).toEqual(learner === 'MLP_SGD' ? ['tol', 'validation_fraction'] : []);
    }
  });
  it('have a meaning for every hyperparameter', () => {
    for (const { space, meanings } of Object.values(learners))
      expect(Object.keys(meanings).sort()).toEqual([...parametersOf(space)!.keys()].sort());
  });
});

describe('the task cards', () => {
  const tasks = tasksOf(learnerNames, datasetNames);
  it('are 25, of which five are regressions to be minimized', () => {
    expect(tasks).toHaveLength(25);
    expect(tasks.filter(({ direction }) => direction === 'minimize').map(({ dataset }) => dataset)).toEqual(
      Array.from({ length: 5 }, () => 'diabetes'),
    );
  });
  it('tell the dataset from the partial context on, its distributions in the full one', () => {
    const { card, space } = tasks.find((task) => task.dataset === 'digits' && task.learner === 'SVM')!;
    const [none, partial, full] = taskContexts.map((context) => taskText(card, { space, context }));
    expect(none).not.toMatch(/1437|64|accuracy|kernel/);
    expect(partial).toContain('Data: 1437 samples, 64 features (64 numeric, 0 categorical), 10 classes');
    expect(partial).not.toContain('correlation');
    expect(full).toContain('61 of 1830 pairs of features have a correlation above 0.5 in size.');
    for (const text of [none, partial, full])
      expect(text).toContain('gamma: a number from 0.0001 to 0.001, on a logarithmic scale');
  });
});
