import os from 'node:os';
import { InvalidArgumentError, type LinearAlgebra } from '@foothold/core';
import {
  type BackendTimes,
  measureBackend,
  operations,
  type TimingProblem,
  timingProblem,
  worthFrom,
} from '@foothold/linalg';
import { backends } from '../doctor/backends.ts';

interface Row {
  readonly backend: string;
  readonly n: number;
  readonly times: BackendTimes;
}

const headings = { cholesky: 'Cholesky', solve: 'solve', product: 'product' } as const;

/**
 * `foothold doctor`: what loads on this machine, how fast it is, and from which size on which backend is worth it. Throws
 * InvalidArgumentError for sizes that are no whole numbers; a backend that does not load is a row.
 */
export async function doctor(options: { readonly sizes: string; readonly json?: boolean }): Promise<void> {
  const sizes = sizesOf(options.sizes);
  const print: Print = (row, text) => say(options.json ? JSON.stringify(row) : text);
  const cpus = os.cpus();
  const { version: node, platform, arch } = process;
  print(
    { node, platform, arch, cpu: cpus[0]?.model, cores: cpus.length },
    `Node ${node} on ${platform} ${arch}, ${cpus.length} × ${cpus[0]?.model ?? 'unknown processor'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB`,
  );
  const problems = new Map(sizes.map((n) => [n, timingProblem(n)]));
  const rows: Row[] = [];
  for (const { name, open } of backends) rows.push(...(await measured(name, open, { problems, print })));
  if (options.json) for (const { backend, n, times } of rows) say(JSON.stringify({ backend, n, ...times }));
  else say(`\n${table(rows)}\n\nWorth it, of what loads here (at least a tenth faster):`);
  sayWorth(rows, options.json === true);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints a row as JSON, or the text for people. */
type Print = (row: Readonly<Record<string, unknown>>, text: string) => void;

/** The times of a backend at each size; none, with the reason printed, where it does not load. */
async function measured(
  name: string,
  open: (typeof backends)[number]['open'],
  { problems, print }: { readonly problems: ReadonlyMap<number, TimingProblem>; readonly print: Print },
): Promise<readonly Row[]> {
  let linalg: LinearAlgebra & { readonly fallbackReason?: string | undefined };
  try {
    linalg = await open();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    print({ backend: name, loads: false, reason }, `✗ ${name.padEnd(14)} ${reason}`);
    return [];
  }
  const { epsilon, fallbackReason } = linalg;
  print(
    { backend: name, loads: true, as: linalg.name, epsilon, ...(fallbackReason && { fallbackReason }) },
    `✓ ${name.padEnd(14)} ${linalg.name}, float${epsilon < 1e-10 ? 64 : 32}${fallbackReason ? ` (${fallbackReason})` : ''}`,
  );
  const rows: Row[] = [];
  const now = () => performance.now();
  for (const [n, problem] of problems)
    rows.push({ backend: name, n, times: await measureBackend(linalg, problem, { now, before: rows }) });
  await linalg.dispose?.();
  return rows;
}

/** Says for each operation from which size on which backend is the fastest. */
function sayWorth(rows: readonly Row[], asJson: boolean): void {
  const timings = rows.flatMap(({ backend, n, times }) =>
    operations.flatMap((operation) => {
      const ms = times[operation];
      return ms === undefined ? [] : [{ backend, operation, n, ms }];
    }),
  );
  const worth = worthFrom(timings);
  for (const operation of operations) {
    const fastest = worth.filter((w) => w.operation === operation);
    if (asJson)
      for (const { backend, from } of fastest) say(JSON.stringify({ operation, backend, worthFrom: from }));
    else
      say(
        `  ${headings[operation].padEnd(9)} ${fastest.map(({ backend, from }) => `${backend} from n = ${from} on`).join(', then ')}`,
      );
  }
}

function sizesOf(text: string): readonly number[] {
  const sizes = text.split(',').map(Number);
  if (sizes.some((n) => !Number.isInteger(n) || n < 1 || n > 8000))
    throw new InvalidArgumentError('--sizes', text, 'whole numbers from 1 to 8000, separated by commas');
  return [...new Set(sizes)].sort((p, q) => p - q);
}

/** Milliseconds by backend and size, aligned. */
function table(rows: readonly Row[]): string {
  const ms = (value: number | undefined) =>
    (value === undefined ? '–' : value < 10 ? value.toFixed(2) : value.toFixed(0)).padStart(9);
  const line = ({ backend, n, times }: Row) =>
    `${backend.padEnd(16)}${String(n).padStart(6)} ${operations.map((o) => ms(times[o])).join(' ')}`;
  return [
    `${'milliseconds'.padEnd(16)}${'n'.padStart(6)} ${operations.map((o) => headings[o].padStart(9)).join(' ')}`,
    ...rows.map(line),
    'Solve: 64 right-hand sides. –: would take over 1.5 seconds.',
  ].join('\n');
}
