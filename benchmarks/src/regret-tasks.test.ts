import { expect, it } from 'vitest';
import { otherTasks, peerTasks } from './regret-tasks.ts';

const tasks = [...peerTasks, ...otherTasks];
const point = (...x: number[]) => Object.fromEntries(x.map((u, i) => [`x${i}`, u]));
const all = (d: number, u: number) => point(...Array.from({ length: d }, () => u));

/** Minimizers as published with each function, or by construction. */
const minimizers: Readonly<Record<string, Readonly<Record<string, number | string>>>> = {
  branin: point(Math.PI, 2.275),
  hartmann3: point(0.114614, 0.555649, 0.852547),
  hartmann6: point(0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573),
  ackley5s: point(9.8, -8.2, 13.4, -12.1, 5.9),
  rosenbrock4: all(4, 1),
  levy8: all(8, 1),
  styblinski6: all(6, -2.903534),
  mixed: { c1: 'b', c2: 'w', i1: 5, i2: 13, lr: 1e-3, wd: 10 ** -3.5 },
  'goldstein-log': point(0.5, 0.25),
  camel: point(0.0898420131, -0.7126564032),
  shekel10: point(4.000747, 4.000593, 3.99966, 3.99951),
  network: { lr: 0.01, momentum: 0, width: 128, layers: 4, act: 'gelu', dropout: 0.2 },
};

it.each(Object.entries(minimizers))('%s takes its minimum where it is known to', (name, params) => {
  const task = tasks.find((t) => t.name === name)!;
  expect(task.f(params)).toBeCloseTo(task.minimum, 4);
});

it.each(tasks.map((task) => [task.name, task] as const))('%s stays above its minimum', (_, task) => {
  const d = task.space.columns.length;
  for (let i = 0; i < 500; i++) {
    const at = Float64Array.from({ length: d }, (_, j) => ((((i + 1) * Math.sqrt(2 + j * 3.7)) % 1) + 1) % 1);
    expect(task.f(task.space.decode(at))).toBeGreaterThanOrEqual(task.minimum - 1e-9);
  }
});
