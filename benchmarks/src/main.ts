/**
 * `pnpm bench NAME [--quick] [--seeds N] [--table] [--keep] [--python PROGRAM] [words…]`: JSON lines, one a measurement, last the summary.
 * `--keep` keeps the summary for the page of results, which `pnpm bench page` writes.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { benches } from './benches.ts';
import { keepResult } from './page/kept-results.ts';
import { writePage } from './page/write-page.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    seeds: { type: 'string' },
    python: { type: 'string' },
    table: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const [name, ...words] = positionals;
if (name === 'page' && !values.help) {
  console.log(writePage());
  process.exit(0);
}
const bench = name === undefined ? undefined : benches[name];
if (values.help || name === undefined || !bench) {
  const lines = Object.entries(benches).map(([key, { about }]) => `  ${key.padEnd(16)} ${about}`);
  console.error(
    `usage: pnpm bench NAME [--quick] [--seeds N] [--table] [--keep] [--python PROGRAM]\n       pnpm bench page   writes docs/benchmarks.md from what --keep has kept\n\n${lines.join('\n')}`,
  );
  process.exit(values.help ? 0 : 2);
}
const rows: Readonly<Record<string, unknown>>[] = [];
const emit = (row: Readonly<Record<string, unknown>>): void => {
  rows.push(row);
  if (!values.table) console.log(JSON.stringify(row));
};
const machine = {
  cpu: os.cpus()[0]?.model,
  cores: os.cpus().length,
  node: process.version,
  load1: os.loadavg()[0],
};
emit({ bench: name, machine });
await (await bench.load())({
  quick: values.quick,
  seeds: values.seeds === undefined ? undefined : Number(values.seeds),
  ...(values.python !== undefined && { python: values.python }),
  emit,
  words,
});
if (values.keep) {
  const summary = rows.findLast((row) => 'summary' in row)?.['summary'];
  if (values.quick) throw new Error('--keep with --quick: a quick run is no result, leave one of them out');
  if (summary === undefined) throw new Error(`--keep: ${name} has no summary to keep`);
  keepResult({ bench: name, words, seeds: values.seeds, machine, summary });
}
if (values.table)
  for (const row of rows)
    'summary' in row
      ? console.dir(row, { depth: 6 })
      : console.log(
          Object.values(row)
            .map((v) =>
              typeof v === 'object'
                ? JSON.stringify(v)
                : typeof v === 'number'
                  ? Number(v.toPrecision(4))
                  : v,
            )
            .join('\t'),
        );
