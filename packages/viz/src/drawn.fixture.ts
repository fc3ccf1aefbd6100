import type { Trial } from '@foothold/core';
import { JSDOM } from 'jsdom';
import { expect } from 'vitest';
import * as viz from './index.ts';

export type Made = Trial<{ lr: number; act: string }>;

/** A complete trial. */
export function complete(
  number: number,
  value: number,
  params = { lr: 10 ** -(1 + (number % 5)), act: 'relu' },
): Made {
  return { number, params, reports: [], state: 'complete', value };
}
/** A failed trial. */
export function failed(number: number, reason = 'out of memory'): Made {
  return { number, params: { lr: 0.1, act: 'tanh' }, reports: [], state: 'failed', reason };
}

/** The chart as a parsed picture, without a number that is none. */
export async function drawn(spec: viz.ChartSpec): Promise<Document> {
  const svg = await viz.toSvg(spec);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  const { document } = new JSDOM(svg, { contentType: 'image/svg+xml' }).window;
  expect(document.querySelector('parsererror')).toBeNull();
  return document;
}
