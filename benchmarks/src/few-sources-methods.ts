/** Ways to spend ten large evaluations beside an earlier study on the LCBench surrogate. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LinearAlgebra, Params } from '@foothold/core';
import { largeEpoch, randomSettings } from './few-sources-tasks.ts';
import { type LcbenchError, lcbenchSpace } from './lcbench.ts';
import { type Evaluation, lcbenchStage } from './lcbench-stage.ts';

export interface LargeStage {
  readonly error: LcbenchError;
  readonly linalg: LinearAlgebra;
  readonly task: string;
  readonly seed: number;
  readonly trials: number;
  readonly source: readonly Evaluation[];
}

/** The errors of the large evaluations, in their order. */
export type LargeMethod = (stage: LargeStage) => Promise<readonly number[]>;

export const ownMethods: Readonly<Record<string, LargeMethod>> = {
  auto: async ({ error, ...stage }) => values(await lcbenchStage(error, { ...stage, epoch: largeEpoch })),
  'cold start': async ({ error, source: _, ...stage }) =>
    values(await lcbenchStage(error, { ...stage, epoch: largeEpoch })),
  'small best, then random': ({ error, task, seed, trials, source }) => {
    const rest = randomSettings({ key: `${task} random`, seed, count: trials - 1 });
    return Promise.all([bestOf(source).params, ...rest].map((params) => error(task, largeEpoch, params)));
  },
  'source rows in order': async ({ trials, ...stage }) =>
    values(await largeValues(stage, [...stage.source].sort((a, b) => a.value - b.value).slice(0, trials))),
  /** No method: what each choice among the source's settings is worth at most. */
  'best source row': async ({ trials, ...stage }) => {
    const { value } = bestOf(await largeValues(stage, stage.source));
    return new Array<number>(trials).fill(value);
  },
};

/** The settings of these rows, evaluated as the large stage does. */
function largeValues(
  { error, task }: Pick<LargeStage, 'error' | 'task'>,
  rows: readonly Evaluation[],
): Promise<Evaluation[]> {
  return Promise.all(
    rows.map(async ({ params }) => ({ params, value: await error(task, largeEpoch, params) })),
  );
}

/** `MultiTaskGP` of BoTorch, where there is a Python that has it: the source's best first, then log expected improvement. */
export function botorchMethod(python: string): { readonly run: LargeMethod; close(): Promise<void> } {
  const child = spawn(python, [join(import.meta.dirname, 'few-sources-botorch.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONWARNINGS: 'ignore' },
  });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const send = (request: object) => child.stdin.write(`${JSON.stringify(request)}\n`);
  const space = lcbenchSpace();
  const encoded = (params: Params) => [...space.encode(params as never)];
  return {
    async run({ error, task, seed, trials, source }) {
      const y = source.map(({ value }) => -value);
      send({ source: { x: source.map(({ params }) => encoded(params)), y }, seed });
      const found: number[] = [];
      let params: Params = bestOf(source).params;
      while (true) {
        const value = await error(task, largeEpoch, params);
        found.push(value);
        if (found.length === trials) return found;
        send({ x: encoded(params), y: -value });
        const line = await lines.next();
        if (line.done) throw new Error(`${python} has ended: does it have botorch?`);
        params = space.decode(Float64Array.from((JSON.parse(line.value) as { point: number[] }).point));
      }
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

function bestOf(source: readonly Evaluation[]): Evaluation {
  return source.reduce((best, one) => (one.value < best.value ? one : best));
}

function values(stage: readonly Evaluation[]): number[] {
  return stage.map(({ value }) => value);
}
