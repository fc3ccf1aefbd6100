import { largestOf, smallestOf } from '@foothold/core';
import type { ChartOptions, ChartSpec } from './chart-spec.ts';
import { isDrawable } from './number-scale.ts';
import { distinct } from './series-color.ts';
import { chart, ink, primary, sizeOf } from './theme.ts';

export interface ImportanceOptions extends ChartOptions {
  /** Share of the value's variation that each parameter explains, with an interval where one is known. */
  readonly importances: readonly {
    readonly name: string;
    readonly share: number;
    readonly low?: number;
    readonly high?: number;
  }[];
}

/** Share of the width that names take at most. */
const nameShare = 0.45;
/** Pixels of the text behind the longest bar. */
const textWidth = 44;

/** One bar a parameter, largest first, with its share in per cent. */
export function importance(options: ImportanceOptions): ChartSpec {
  const finite = options.importances.filter((i) => isDrawable(i.share));
  const names = distinct(finite.map((i) => i.name));
  const rows = finite
    .map((i, at) => ({ n: names[at]!, v: i.share, low: i.low, high: i.high, t: percent(i.share) }))
    .sort((a, b) => b.v - a.v);
  const edge = Math.max(0.01, largestOf(rows.map((r) => Math.max(r.v, r.high ?? 0))));
  const least = Math.min(0, smallestOf(rows.map((r) => Math.min(r.v, r.low ?? 0))));
  const { width, height } = sizeOf(options, { width: 560, height: Math.max(rows.length * 30, 60) });
  const y = {
    field: 'n',
    type: 'nominal',
    sort: null,
    title: null,
    axis: {
      labelFontSize: 12,
      labelLimit: Math.min(260, Math.round(nameShare * width)),
      labelColor: ink.text,
      ticks: false,
      domain: false,
    },
  };
  const x = {
    field: 'v',
    type: 'quantitative',
    title: 'share of the variation explained',
    scale: {
      domain: [least, edge * (1 + Math.max(0.12, textWidth / ((1 - nameShare) * width)))],
      nice: false,
    },
    axis: { format: '.0%', grid: true, tickCount: 5 },
  };
  return chart(
    {
      width,
      height,
      data: { values: rows },
      layer: [
        {
          mark: { type: 'bar', color: primary, cornerRadiusEnd: 2, height: { band: 0.62 } },
          encoding: { x, y, description: { field: 't' } },
        },
        {
          transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
          mark: { type: 'rule', color: ink.text, strokeWidth: 1.4, aria: false },
          encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' } },
        },
        {
          transform: [{ calculate: 'isValid(datum.high) ? max(datum.high, datum.v) : datum.v', as: 'end' }],
          mark: { type: 'text', align: 'left', dx: 6, color: ink.text, fontSize: 11, aria: false },
          encoding: { y, x: { ...x, field: 'end' }, text: { field: 't' } },
        },
      ],
    },
    { ...options, description: rows.map((r) => `${r.n} ${r.t}`).join(', ') || 'no importances' },
  );
}

function percent(share: number): string {
  const p = share * 100;
  return `${Math.abs(p) < 1 && p !== 0 ? p.toPrecision(1) : p.toFixed(0)} %`.replace('-', '−');
}
