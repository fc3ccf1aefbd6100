import {
  type AcquisitionProblem,
  type Column,
  type Dataset,
  InvalidArgumentError,
  type Json,
  rowOf,
  type Trial,
} from '@foothold/core';
import type { Focus } from './bayesian.ts';

export interface SourceFocusOptions {
  /** Share of each source's rows, the best ones, that the box spans, in (0, 1]; 0.3. */
  readonly share?: number | undefined;
  /** By how much of a column the box goes beyond them, from 0; 0.1. */
  readonly margin?: number | undefined;
  /** Rows of the new study from which on the whole space is open; 6. */
  readonly until?: number | undefined;
}

type Region = NonNullable<AcquisitionProblem['region']>;

/** Fewest rows of a source that span a box. */
const fewest = 4;

/**
 * Keeps the first proposals of a study in the box where earlier ones had their best results: with a row or two of its own, a
 * model cannot tell an unknown corner from a promising one. Columns with levels stay open, and from `until` rows on
 * everything is, so that a misleading source costs a few trials at most; sooner where the last model said that it listens
 * to the sources by less than a half (`why.model.transfer.gate`). (The idea of learning the box from earlier
 * tasks: Perrone, Shen, Seeger, Archambeau, Jenatton 2019, "Learning search spaces for Bayesian optimization".)
 *
 * Throws InvalidArgumentError for options outside their ranges.
 */
export function sourceFocus(
  sources: readonly Dataset[],
  columns: readonly Column[],
  options: SourceFocusOptions = {},
): Focus {
  const { share = 0.3, margin = 0.1, until = 6 } = options;
  if (!(share > 0 && share <= 1)) throw new InvalidArgumentError('share', share, 'a number in (0, 1]');
  if (!(until >= 0)) throw new InvalidArgumentError('until', until, 'a number from 0');
  if (!(margin >= 0)) throw new InvalidArgumentError('margin', margin, 'a number from 0');
  const lower = new Float64Array(columns.length).fill(1);
  const upper = new Float64Array(columns.length);
  for (const { x, y } of sources) {
    const count = Math.max(fewest, Math.ceil(share * y.length));
    const best = Array.from(y.keys())
      .sort((a, b) => y[b]! - y[a]!)
      .slice(0, count);
    for (const i of best)
      for (let j = 0; j < columns.length; j++) {
        const u = x.data[i * columns.length + j]!;
        lower[j] = Math.min(lower[j]!, u);
        upper[j] = Math.max(upper[j]!, u);
      }
  }
  columns.forEach(({ kind }, j) => {
    const open = kind !== 'continuous' || lower[j]! > upper[j]!;
    lower[j] = open ? 0 : Math.max(lower[j]! - margin, 0);
    upper[j] = open ? 1 : Math.min(upper[j]! + margin, 1);
  });
  return ({ trials }, data) =>
    data.y.length < until && gateOf(trials) >= 0.5
      ? { data, region: around(data, { lower, upper, margin }), state: { box: 'of the sources' } }
      : { data, state: {} };
}

/** The box, and `margin` about the study's own best row: where that lies at an edge, what is beyond may be better still. */
function around({ x, y }: Dataset, { lower, upper, margin }: Region & { readonly margin: number }): Region {
  if (y.length === 0) return { lower, upper };
  const best = rowOf(
    x,
    y.reduce((top, v, i) => (v > y[top]! ? i : top), 0),
  );
  return {
    lower: lower.map((low, j) => Math.min(low, Math.max(best[j]! - margin, 0))),
    upper: upper.map((high, j) => Math.max(high, Math.min(best[j]! + margin, 1))),
  };
}

/** Share of its belief that the last model gave the sources, as the trials record it; 1 while none has said. */
function gateOf(trials: readonly Trial[]): number {
  for (let i = trials.length - 1; i >= 0; i--) {
    const gate = partOf(partOf(partOf(trials[i]!.samplerState, 'model'), 'transfer'), 'gate');
    if (typeof gate === 'number') return gate;
  }
  return 1;
}

function partOf(json: Json | undefined, key: string): Json | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  return (json as { readonly [name: string]: Json })[key];
}
