/**
 * The state of a Gaussian process's fit: enough to build the same posterior again from the data alone. Its JSON has the names
 * of the first release (`bend`), so that older logs resume.
 */
import type { Json, ProgramState } from '@foothold/core';
import type { Hyperparameters } from '../inference/log-posterior.ts';
import { isRecord } from '../is-record.ts';
import type { OutputWarp } from '../warps/output-warp.ts';

export interface FitState extends Hyperparameters {
  /** Number of rows that were factored at once; later rows were appended to the factor. */
  readonly fitted: number;
  /** Number of rows when these hyperparameters were found. Larger than `fitted` where rows have gone since. */
  readonly rows: number;
  readonly warp: OutputWarp;
  /** Added to the diagonal beside the noise; 0 where the factorization succeeds without. */
  readonly jitter: number;
  /** Log posterior density a row, at the fit. */
  readonly evidence: number;
  /** True where the noise variance is at the lower bound that the backend's arithmetic sets. */
  readonly floored: boolean;
  readonly fallback: 'none' | 'prior' | 'constant';
}

const key = 'gaussianProcess';

/** The state as JSON. */
export function stateOf(state: FitState): ProgramState {
  const { theta, logNoise, mean, warpParameter, input, warp, ...rest } = state;
  const { warpParameter: bend, ...reference } = warp;
  return {
    [key]: {
      logNoise,
      mean,
      bend: warpParameter,
      ...rest,
      theta: [...theta],
      input: [...input],
      warp: { ...reference, bend },
    },
  };
}

/** The fit in a program's state, or undefined where it has none with this many kernel and input parameters. */
export function fitStateIn(
  state: ProgramState | undefined,
  sizes: { readonly theta: number; readonly input: number },
): FitState | undefined {
  const found = state?.[key];
  if (!isRecord(found) || !isRecord(found.warp)) return undefined;
  const theta = numbersIn(found.theta);
  const input = numbersIn(found.input);
  if (theta?.length !== sizes.theta || input?.length !== sizes.input) return undefined;
  const { logNoise, mean, bend, fitted, jitter, evidence, floored, fallback } = found;
  const { top, bottom, spread, bend: warpBend, location, scale } = found.warp;
  const numbers = [logNoise, mean, bend, fitted, jitter, evidence];
  numbers.push(top, bottom, spread, warpBend, location, scale);
  if (!numbers.every((u) => typeof u === 'number' && Number.isFinite(u))) return undefined;
  return {
    theta,
    input,
    ...({ logNoise, mean, fitted, jitter, evidence, floored, fallback } as Omit<FitState, 'theta' | 'input'>),
    warpParameter: bend as number,
    rows: typeof found.rows === 'number' ? found.rows : (fitted as number),
    warp: { top, bottom, spread, location, scale, warpParameter: warpBend } as unknown as OutputWarp,
  };
}

function numbersIn(value: Json | undefined): Float64Array | undefined {
  return Array.isArray(value) && value.every((u) => typeof u === 'number' && Number.isFinite(u))
    ? Float64Array.from(value)
    : undefined;
}
