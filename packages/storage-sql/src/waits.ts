import type { Checksum } from './checked-rows.ts';

interface Waits {
  /** The first wait, the longest one, and all together, in milliseconds. */
  readonly first: number;
  readonly longest: number;
  readonly total: number;
  /** Who waits: two that began together do not try again together. */
  readonly who: string;
}

/**
 * The waits between tries, in milliseconds: each twice as long as the one before, up to the longest, less up to a half of
 * it. That part depends on who waits and on the number of the try alone.
 */
export function* waits({ first, longest, total, who }: Waits, crc32: Checksum): Generator<number> {
  let sum = 0;
  for (let tries = 0; sum < total; tries++) {
    const whole = Math.min(first * 2 ** Math.min(tries, 30), longest);
    const wait = whole * (1 - crc32(`${who}:${tries}`) / 2 ** 33);
    sum += wait;
    yield wait;
  }
}

/** Waits; returns at once when the signal has aborted or aborts. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  const { setTimeout } = await import('node:timers/promises');
  await setTimeout(ms, undefined, signal && { signal }).catch(() => undefined);
}
