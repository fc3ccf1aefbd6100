import { InvalidArgumentError } from '@foothold/core';

/** How much there is, or is needed, of each resource, such as `{ gpu: 1 }`. */
export type Resources = Readonly<Record<string, number>>;

const allowed = 'names with whole numbers from 1, as in gpu:1,license:2';

/** What a text such as `gpu:1,license:2` says. Throws InvalidArgumentError, which names `argument`. */
export function resourcesOf(argument: string, text: string): Resources {
  const found: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [, name, count] = /^\s*([A-Za-z][\w.-]*):(\d{1,6})\s*$/.exec(part) ?? [];
    if (name === undefined || Number(count) < 1 || Object.hasOwn(found, name))
      throw new InvalidArgumentError(argument, text, allowed);
    found[name] = Number(count);
  }
  return found;
}

/** The text of resources, as `resourcesOf` reads it. */
export function resourcesText(resources: Resources): string {
  return Object.entries(resources)
    .map(([name, count]) => `${name}:${count}`)
    .join(',');
}

/** What the trials of a worker share. */
export interface Slots {
  /** How many trials at a time. */
  readonly count: number;
  /** Variables of the environment for the trial of each slot: its GPUs. */
  env(slot: number): Readonly<Record<string, string>>;
}

/**
 * As many slots as there are resources for, at most `concurrency`. With `gpu` among what a trial needs each slot has GPUs of its own,
 * which its program sees by CUDA_VISIBLE_DEVICES: those of `devices`, or 0, 1, … Throws InvalidArgumentError where the worker has
 * not enough for one trial.
 */
export function slotsOf({
  concurrency,
  perTrial,
  available,
  devices,
}: {
  readonly concurrency: number;
  readonly perTrial: Resources;
  readonly available: Resources;
  /** CUDA_VISIBLE_DEVICES of the worker: numbers or names of GPUs with commas. */
  readonly devices?: string | undefined;
}): Slots {
  const named = devices
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const has = named && !Object.hasOwn(available, 'gpu') ? { ...available, gpu: named.length } : available;
  let count = concurrency;
  for (const [name, need] of Object.entries(perTrial)) {
    const there = Object.hasOwn(has, name) ? has[name]! : 0;
    if (there < need)
      throw new InvalidArgumentError(
        'resources',
        resourcesText(has),
        `at least ${name}:${need}, which a trial needs`,
      );
    count = Math.min(count, Math.floor(there / need));
  }
  const gpus = perTrial['gpu'] ?? 0;
  if (named && gpus * count > named.length)
    throw new InvalidArgumentError(
      'resources',
      resourcesText(has),
      `at most the ${named.length} GPUs of CUDA_VISIBLE_DEVICES, ${devices}`,
    );
  const own = (slot: number) =>
    Array.from({ length: gpus }, (_, k) => named?.[slot * gpus + k] ?? String(slot * gpus + k)).join(',');
  return { count, env: (slot) => (gpus === 0 ? {} : { CUDA_VISIBLE_DEVICES: own(slot) }) };
}
