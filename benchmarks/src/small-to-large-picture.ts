/**
 * The README's picture, from measurements:
 * pnpm --silent bench small-to-large own cold | node --conditions=@foothold/source benchmarks/src/small-to-large-picture.ts > docs/small-to-large.svg
 */
import { readFileSync } from 'node:fs';
import { comparison, toSvg } from '@foothold/viz';

interface Row {
  readonly kind?: string;
  readonly curve?: readonly number[];
}

const rows = readFileSync(0, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line) as Row);
const runs = (kind: string) => rows.flatMap((row) => (row.kind === kind && row.curve ? [row.curve] : []));
const spec = comparison({
  title: 'Tuning at 52 epochs, with and without a small study at 5 epochs',
  groups: [
    { name: 'small to large', runs: runs('own') },
    { name: 'cold start', runs: runs('cold') },
  ],
  direction: 'minimize',
  value: 'normalized regret',
  evaluations: 'evaluations of the large problem',
  width: 640,
  height: 320,
});
process.stdout.write(await toSvg(spec));
