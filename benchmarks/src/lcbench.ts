/** The LCBench surrogate (YAHPO gym) as objective functions: error of a funnel network after some epochs. */

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Params } from '@foothold/core';
import { integer, logInteger, logUniform, type ParameterSpace, searchSpace, uniform } from '@foothold/space';

/** Shared data beside the project's root. */
export const dataFolder = join(import.meta.dirname, '../../../shared/data');
export const smallLargeTasks = ['3945', '34539', '126026', '167152', '168868', '189862'] as const;

interface Session {
  run(feeds: Record<string, unknown>): Promise<Record<string, { readonly data: Float32Array }>>;
}
interface Runtime {
  readonly InferenceSession: { create(path: string, options: object): Promise<Session> };
  readonly Tensor: new (type: string, data: Int32Array | Float32Array, dims: number[]) => unknown;
}

export function lcbenchSpace(): ParameterSpace {
  return searchSpace({
    batch_size: logInteger(16, 512),
    learning_rate: logUniform(1e-4, 0.1),
    momentum: uniform(0.1, 0.99),
    weight_decay: uniform(1e-5, 0.1),
    num_layers: integer(1, 5),
    max_units: logInteger(64, 1024),
    max_dropout: uniform(0, 1),
  }) as ParameterSpace;
}

/** 1 − val_accuracy/100 of one setting. */
export type LcbenchError = (task: string, epoch: number, params: Params) => Promise<number>;

export async function lcbench(): Promise<LcbenchError> {
  const curve = await lcbenchCurves();
  return async (task, epoch, params) => (await curve(task, [epoch], params))[0]!;
}

/** 1 − val_accuracy/100 of one setting after each of these epochs. */
export type LcbenchCurves = (
  task: string,
  epochs: readonly number[],
  params: Params,
) => Promise<readonly number[]>;

export async function lcbenchCurves(): Promise<LcbenchCurves> {
  const folder = join(dataFolder, 'yahpo/lcbench');
  if (!existsSync(folder)) throw new Error(`the LCBench surrogate is not at ${folder}`);
  const runtime = createRequire(import.meta.url)('onnxruntime-node') as Runtime;
  const encoding = JSON.parse(readFileSync(join(folder, 'encoding.json'), 'utf8')) as {
    readonly OpenML_task_id: Readonly<Record<string, number>>;
  };
  const session = await runtime.InferenceSession.create(join(folder, 'model.onnx'), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const order = [
    'batch_size',
    'learning_rate',
    'momentum',
    'weight_decay',
    'num_layers',
    'max_units',
    'max_dropout',
  ];
  return async (task, epochs, params) => {
    const n = epochs.length;
    const own = order.map((key) => Number(params[key]));
    const id = encoding.OpenML_task_id[task]!;
    const output = await session.run({
      x_cat: new runtime.Tensor('int32', new Int32Array(n).fill(id), [n, 1]),
      x_cont: new runtime.Tensor('float32', Float32Array.from(epochs.flatMap((epoch) => [epoch, ...own])), [
        n,
        8,
      ]),
    });
    const { data } = Object.values(output)[0]!;
    return epochs.map((_, i) => 1 - data[6 * i + 1]! / 100);
  };
}

export interface SmallHistory {
  readonly task: string;
  readonly seed: number;
  readonly trials: readonly { readonly params: Params; readonly value: number }[];
}

export function smallHistories(): SmallHistory[] {
  return readFileSync(join(dataFolder, 'small-large/lcbench-epoch5.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SmallHistory);
}

export interface LcbenchReference {
  readonly best: number;
  readonly best_local?: number;
  readonly median: number;
}

export function lcbenchReference(): Readonly<Record<string, LcbenchReference>> {
  return JSON.parse(readFileSync(join(dataFolder, 'small-large/lcbench-reference.json'), 'utf8'));
}
