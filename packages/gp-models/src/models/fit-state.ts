/**
 * What a fit leaves in `why`: enough to build the same posterior again from the data alone.
 */
import type { Json, Why } from '@foothold/core';
import type { Hyperparameters } from '../inference/log-posterior.ts';
import type { OutputWarp } from '../warps/output-warp.ts';

export interface FitRecord extends Hyperparameters {
  /** Number of rows whose factor was made at once; later rows were appended to it. */
  readonly fitted: number;
  /** Number of rows when these hyperparameters were found; `fitted` unless rows have gone since. */
  readonly rows: number;
  readonly warp: OutputWarp;
  /** Added to the diagonal beside the noise, 0 unless the factorization asked for it. */
  readonly jitter: number;
  /** Log posterior density a row, at the fit. */
  readonly evidence: number;
  /** True where the noise lies at the floor that the backend's arithmetic sets. */
  readonly floored: boolean;
  readonly fallback: 'none' | 'prior' | 'constant';
}

const key = 'gaussianProcess';

export function whyOf(record: FitRecord): Why {
  const { theta, input, warp, ...rest } = record;
  return { [key]: { ...rest, theta: [...theta], input: [...input], warp: { ...warp } } };
}

/** The record in a `why`, or undefined where there is none of this many kernel and input parameters. */
export function recordIn(
  why: Why | undefined,
  sizes: { readonly theta: number; readonly input: number },
): FitRecord | undefined {
  const found = why?.[key];
  if (!isRecord(found) || !isRecord(found.warp)) return undefined;
  const theta = numbersIn(found.theta);
  const input = numbersIn(found.input);
  if (theta?.length !== sizes.theta || input?.length !== sizes.input) return undefined;
  const scalars = [found.logNoise, found.mean, found.bend, found.fitted, found.jitter, found.evidence];
  const warp = found.warp;
  const places = [warp.top, warp.bottom, warp.spread, warp.bend, warp.location, warp.scale];
  if (![...scalars, ...places].every((u) => typeof u === 'number' && Number.isFinite(u))) return undefined;
  const rows = typeof found.rows === 'number' ? found.rows : (found.fitted as number);
  return { ...(found as unknown as FitRecord), rows, theta, input };
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function numbersIn(value: Json | undefined): Float64Array | undefined {
  return Array.isArray(value) && value.every((u) => typeof u === 'number' && Number.isFinite(u))
    ? Float64Array.from(value)
    : undefined;
}
