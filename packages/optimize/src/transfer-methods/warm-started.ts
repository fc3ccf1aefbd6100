import type { Sampler } from '@foothold/core';
import { warmStart } from '@foothold/samplers';
import type { PreparedSetting } from './transfer-setting.ts';

/**
 * The sampler after `points` trials that were good on the sources. Of several objectives the sources may say something of one and
 * nothing of all together, as where two trials are each best in one: the sampler then begins itself.
 */
export function warmStarted(
  { prepared, otherwise, objectives }: PreparedSetting,
  sampler: Sampler,
  points: number,
): Sampler {
  const fallback: Sampler = {
    ...otherwise,
    async sample(request) {
      for (const part of objectives?.values() ?? [])
        if (await part.prepared.values()) return sampler.sample(request);
      return otherwise.sample(request);
    },
  };
  return warmStart(prepared, { sampler, points, fallback: objectives ? fallback : otherwise });
}
