import { wasm } from '@foothold/linalg';
import { describe, expect, it } from 'vitest';
import { methods, sourcesOf } from './transfer-methods.ts';
import { spoilers } from './transfer-spoilers.ts';
import { type Table, tableNamed } from './transfer-tables.ts';

/** A few rows and tasks of the synthetic table. */
async function small(): Promise<Table> {
  const { x, y, names } = await tableNamed('hartmann');
  const rows = 24;
  return {
    name: 'small',
    x: { rows, columns: x.columns, data: x.data.slice(0, rows * x.columns) },
    names: names.slice(0, 6),
    y: y.slice(0, 6).map((values) => values.slice(0, rows)),
  };
}

describe('the transfer benchmark', () => {
  it.each(Object.keys(methods))('%s chooses rows of the table, none twice', async (method) => {
    const table = await small();
    const linalg = await wasm();
    const choose = await methods[method]!({ table, sources: sourcesOf(table, 0), seed: '0', linalg });
    const seen: number[] = [];
    for (let k = 0; k < 12; k++) seen.push(await choose(seen, table.y[0]!));
    expect(new Set(seen).size).toBe(12);
    expect(seen.every((i) => Number.isInteger(i) && i >= 0 && i < 24)).toBe(true);
  });

  it('leaves the target out of its sources', async () => {
    const table = await small();
    expect(sourcesOf(table, 2).map(({ name }) => name)).toEqual(
      table.names.filter((name) => name !== table.names[2]),
    );
  });

  it.each(Object.keys(spoilers))('sources %s keep their points and stay finite', async (kind) => {
    const sources = sourcesOf(await small(), 0);
    const spoiled = spoilers[kind]!(sources);
    expect(spoiled.map(({ data }) => data.x)).toEqual(sources.map(({ data }) => data.x));
    expect(spoiled.every(({ data }) => data.y.length === 24 && data.y.every(Number.isFinite))).toBe(true);
    expect(spoiled.map(({ data }) => data.y)).not.toEqual(sources.map(({ data }) => data.y));
  });
});
