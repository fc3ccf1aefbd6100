import { join } from 'node:path';
import { writeTextFile } from '@foothold/sources';
import { toSvg } from '@foothold/viz';
import { chartsOf } from './charts.ts';
import type { ArmResult, RegretOfSearch } from './results.ts';
import { regretCsv, trialsCsv } from './tables.ts';

/** Writes tables and charts into the folder, each whole or not at all. The files' names. */
export async function writeResults(
  dir: string,
  {
    searches,
    results,
  }: { readonly searches: readonly RegretOfSearch[]; readonly results: readonly ArmResult[] },
): Promise<readonly string[]> {
  const charts = Object.entries(chartsOf(results));
  const files = [
    ['trials.csv', trialsCsv(searches)],
    ['regret.csv', regretCsv(results)],
    ...(await Promise.all(charts.map(async ([name, chart]) => [name, await toSvg(chart)] as const))),
  ] as const;
  for (const [name, text] of files) await writeTextFile(join(dir, name), text);
  return files.map(([name]) => name);
}
