import { expect, it } from 'vitest';
import { cpu } from './cpu.ts';
import { measureBackend, timingProblem } from './measure-backend.ts';

it('times each operation, and leaves out what smaller sizes say would take too long', async () => {
  const problem = timingProblem(20);
  let clock = 0;
  const calls: string[] = [];
  // A backend whose calls take 10, 20 and 30 ms of this clock.
  const slow = {
    ...cpu,
    cholesky: () => taking('cholesky', 10),
    solveTriangular: () => taking('solve', 20),
    multiply: () => taking('product', 30),
  };
  function taking(name: string, ms: number) {
    calls.push(name);
    clock += ms;
    return problem.a;
  }
  const now = () => clock;
  const times = await measureBackend(slow, problem, { now });
  expect(times).toEqual({ cholesky: 10, solve: 20, product: 30 });
  calls.length = 0;
  const larger = timingProblem(80);
  // 4³·10 = 640, 4²·20 = 320, 4³·30 = 1,920 ms
  expect(await measureBackend(slow, larger, { now, before: [{ n: 20, times }] })).toEqual({
    cholesky: 10,
    solve: 20,
  });
  expect(calls).not.toContain('product');
});

it('measures on matrices that every backend can factor and solve', () => {
  const { a, l, b } = timingProblem(50);
  expect(() => cpu.cholesky(a)).not.toThrow();
  expect(cpu.solveTriangular(l, b).data.every(Number.isFinite)).toBe(true);
});
