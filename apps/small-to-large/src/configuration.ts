import { createHash } from 'node:crypto';
import { InvalidArgumentError } from '@foothold/core';
import { type BackendName, backendNames } from './network/backend.ts';

/** How large everything is; together with the data it decides what a setting scores. */
export interface Configuration {
  readonly backend: BackendName;
  /** Training images, the same for both networks: the first of a seeded order. */
  readonly images: number;
  readonly epochs: number;
  readonly batch: number;
  /** Epochs without a lower validation loss after which a training ends. */
  readonly patience: number;
  /** Factor on the channels of every hidden layer. */
  readonly channelsScale: number;
  /** Share of the test images that judges the small network, and the large one. */
  readonly smallValidation: number;
  readonly largeValidation: number;
  readonly seed: number;
}

/** The reference's sizes, for tfjs-node-gpu or a patient person. */
export const full = {
  images: 60_000,
  epochs: 30,
  channelsScale: 1,
  largeValidation: 1,
} as const satisfies Partial<Configuration>;

/** What is run unless flags say otherwise: under ten minutes on one core with WASM. */
export const reduced = {
  images: 1200,
  epochs: 5,
  channelsScale: 0.5,
  largeValidation: 0.25,
} as const satisfies Partial<Configuration>;

/** A look at the whole story in less than a minute; its networks learn little. */
export const quick = {
  images: 600,
  epochs: 3,
  channelsScale: 0.25,
  largeValidation: 0.1,
} as const satisfies Partial<Configuration>;

/** Throws InvalidArgumentError for the first number that makes no sense. */
export function checkedConfiguration(c: Configuration): Configuration {
  const whole = (name: string, value: number, low: number) => {
    if (!Number.isSafeInteger(value) || value < low)
      throw new InvalidArgumentError(name, value, `a whole number from ${low}`);
  };
  if (!backendNames.includes(c.backend))
    throw new InvalidArgumentError('--backend', c.backend, backendNames.join(', '));
  whole('--images', c.images, 1);
  whole('--epochs', c.epochs, 1);
  whole('--batch', c.batch, 1);
  whole('--patience', c.patience, 1);
  whole('--seed', c.seed, 0);
  if (!(c.channelsScale > 0 && c.channelsScale <= 4))
    throw new InvalidArgumentError('--channels-scale', c.channelsScale, 'a number above 0, at most 4');
  for (const [name, share] of [
    ['--small-validation', c.smallValidation],
    ['--large-validation', c.largeValidation],
  ] as const)
    if (!(share > 0 && share <= 1)) throw new InvalidArgumentError(name, share, 'a share above 0, at most 1');
  return c;
}

/** Eight characters that differ where the values of trials may not be compared: other sizes, backend, seed or data. */
export function fingerprint(configuration: Configuration, data: { readonly digest: string }): string {
  const ordered = Object.entries(configuration).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([ordered, data.digest]))
    .digest('hex')
    .slice(0, 8);
}
