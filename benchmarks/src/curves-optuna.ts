/** Optuna's pruners with its TPE sampler on the same curves: a Python process asks, this one answers with whole curves. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Params } from '@foothold/core';
import type { CurveMethod } from './curves-methods.ts';

const pruners = ['hyperband', 'successive halving', 'median', 'percentile'] as const;

/** A method for each pruner; none without a Python. */
export function optunaMethods(python: string | undefined): Readonly<Record<string, CurveMethod>> {
  if (python === undefined) return {};
  return Object.fromEntries(pruners.map((pruner) => [`optuna tpe, ${pruner}`, optunaRun(python, pruner)]));
}

function optunaRun(python: string, pruner: string): CurveMethod {
  return async ({ trainer, seed }) => {
    const script = join(import.meta.dirname, 'curves-optuna.py');
    const child = spawn(python, [script, pruner, String(seed)], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    for await (const line of createInterface({ input: child.stdout })) {
      const { params, from, to } = JSON.parse(line) as {
        readonly params: Params;
        readonly from: number;
        readonly to: number;
      };
      const [value] = await trainer.train(params, from, to);
      child.stdin.write(`${JSON.stringify(value ?? null)}\n`);
    }
    const code = await ended;
    if (code !== 0) throw new Error(`${script} ended with ${code}`);
  };
}
