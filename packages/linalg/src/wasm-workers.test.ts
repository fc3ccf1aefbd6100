import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { type Matrix, matrix, type StationaryKernel, seeded } from '@foothold/core';
import { afterAll, describe, expect, it } from 'vitest';
import { wasm } from './wasm.ts';
import { wasmSync } from './wasm-sync.ts';

interface Request {
  readonly a: Matrix;
  readonly b: Matrix;
  readonly rounds: number;
}
interface Answer {
  readonly flavour: string;
  readonly factor: Float64Array;
  readonly solution: Float64Array;
  readonly evidence: number;
  readonly memory: readonly number[];
  readonly failedPivot: number;
}

/**
 * What a worker does with a request: `wasm()` from the sources, the same calls again and again, then dispose. A module in
 * text, because a file of its own would be published with the sources.
 */
const program = `
  const { parentPort, workerData } = require('node:worker_threads');
  import(workerData).then(async ({ wasm }) => {
    const linalg = await wasm();
    parentPort.on('message', async ({ a, b, rounds }) => {
      const n = a.rows;
      const kernel = { family: 'matern52', outputScale: 1, lengthscales: Float64Array.of(0.4), categorical: Uint8Array.of(0) };
      const problem = {
        x: { rows: n, columns: 1, data: a.data.slice(0, n) },
        y: b.data.slice(0, n),
        noise: new Float64Array(n).fill(0.01),
      };
      const memory = [];
      let factor, solution, evidence;
      for (let i = 0; i < rounds; i++) {
        factor = linalg.cholesky(a);
        solution = linalg.solveTriangular(factor, b);
        evidence = (await linalg.stationary.evidence(kernel, problem)).value;
        if (i === Math.floor(rounds / 2)) memory.push(linalg.memoryBytes());
      }
      memory.push(linalg.memoryBytes());
      let failedPivot = -1;
      try {
        linalg.cholesky({ ...a, data: a.data.map((v, i) => (i === 5 * (n + 1) ? -1 : v)) });
      } catch (error) {
        failedPivot = error.pivot;
      }
      linalg.dispose();
      memory.push(linalg.memoryBytes());
      parentPort.postMessage({ flavour: linalg.flavour, factor: factor.data, solution: solution.data, evidence, memory, failedPivot });
    });
  });`;

const open: Worker[] = [];
afterAll(() => Promise.all(open.map((worker) => worker.terminate())));

function start(): (request: Request) => Promise<Answer> {
  const worker = new Worker(program, {
    eval: true,
    workerData: new URL('./wasm.ts', import.meta.url).href,
    execArgv: ['--conditions=@foothold/source', '--no-warnings'],
  });
  open.push(worker);
  return (request) =>
    new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.postMessage(request);
    });
}

function requestOf(n: number, rounds: number): Request {
  const rng = seeded(n);
  const draw = (rows: number, columns: number) =>
    matrix(
      rows,
      columns,
      Float64Array.from({ length: rows * columns }, () => rng.next()),
    );
  const g = draw(n, n);
  const a = wasmSync().multiply(g, g, { transposeB: true });
  for (let i = 0; i < n; i++) a.data[i * (n + 1)]! += 1;
  return { a, b: draw(n, 3), rounds };
}

const kernel: StationaryKernel = {
  family: 'matern52',
  outputScale: 1,
  lengthscales: Float64Array.of(0.4),
  categorical: Uint8Array.of(0),
};

describe('wasm() in worker threads', () => {
  it('gives the bits of the main thread in two workers at once, again after dispose, without growth', async () => {
    const linalg = await wasm();
    const workers = [start(), start()];
    const requests = [requestOf(60, 1000), requestOf(131, 300)];
    const crossed = [...requests.map((request) => ({ ...request, rounds: 2 }))].reverse();
    for (const round of [requests, crossed]) {
      const answers = await Promise.all(workers.map((ask, i) => ask(round[i]!)));
      for (const [i, answer] of answers.entries()) {
        const { a, b } = round[i]!;
        const l = linalg.cholesky(a);
        const { value } = await linalg.stationary!.evidence(kernel, {
          x: matrix(a.rows, 1, a.data.slice(0, a.rows)),
          y: b.data.slice(0, a.rows),
          noise: new Float64Array(a.rows).fill(0.01),
        });
        expect(answer).toMatchObject({ flavour: linalg.flavour, evidence: value, failedPivot: 5 });
        expect(answer.factor).toEqual(l.data);
        expect(answer.solution).toEqual(linalg.solveTriangular(l, b).data);
        const [middle, end, disposed] = answer.memory;
        expect(middle).toBeGreaterThan(0);
        expect(end).toBe(middle);
        expect(disposed).toBe(0);
      }
    }
  });

  it('gives the memory of 1,000 disposed engines back to the system', { timeout: 120_000 }, () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const linalg = wasmSync();
    const { a } = requestOf(150, 1);
    const cycles = (count: number) => {
      for (let i = 0; i < count; i++) {
        linalg.cholesky(a);
        linalg.dispose();
        if (i % 50 === 49) collect();
      }
      collect();
      return process.memoryUsage().rss;
    };
    const before = cycles(100);
    const held = 100 * 2 ** 10;
    // Each cycle touches over 100 kB, so a thousand that were kept would be over 100 MB.
    expect(cycles(1000) - before).toBeLessThan((1000 * held) / 4);
  });
});
