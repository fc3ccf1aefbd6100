import { describe, expect, it } from 'vitest';
import { randomSettings, taskSets } from './few-sources-tasks.ts';
import { smallLargeTasks } from './lcbench.ts';

describe('the tasks of the benchmark', () => {
  it('are all 35, once each in the set to choose on or in the one to report on', () => {
    const { all, choice, held } = taskSets;
    expect(new Set(all).size).toBe(35);
    expect([...choice, ...held].sort()).toEqual([...all].sort());
    expect(held).toEqual(expect.arrayContaining([...smallLargeTasks]));
  });
});

describe('randomSettings', () => {
  it('differ between tasks and between seeds, so that no two runs share a history', () => {
    const histories = taskSets.all.flatMap((task) =>
      [0, 1, 2].map((seed) => JSON.stringify(randomSettings({ key: task, seed, count: 2 }))),
    );
    expect(new Set(histories).size).toBe(histories.length);
  });

  it('are the same for the same task and seed, and the longer list begins with the shorter one', () => {
    const of = (count: number) => randomSettings({ key: '3945', seed: 4, count });
    expect(of(5).slice(0, 3)).toEqual(of(3));
  });
});
