import type { Sampler } from '@foothold/core';
import { warmStart } from '@foothold/samplers';
import type { PreparedSetting } from './transfer-setting.ts';

/** The sampler after `points` trials that were good on the sources. */
export function warmStarted(
  { prepared, otherwise }: PreparedSetting,
  sampler: Sampler,
  points: number,
): Sampler {
  return warmStart(prepared, { sampler, points, fallback: otherwise });
}
