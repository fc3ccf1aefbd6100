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

/** `foothold doctor`: what loads on this machine, how fast it is, and from which size on which backend is worth it. */
export async function doctor(options: { readonly sizes: string; readonly json?: boolean }): Promise<void> {
  const sizes = sizesOf(options.sizes);
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const print = (row: Readonly<Record<string, unknown>>, text: string) =>
    say(options.json ? JSON.stringify(row) : text);

  const cpus = os.cpus();
  print(
    {
      node: process.version,
      platform: process.platform,
      arch: process.arch,
      cpu: cpus[0]?.model,
      cores: cpus.length,
    },
    `Node ${process.version} on ${process.platform} ${process.arch}, ${cpus.length} × ${cpus[0]?.model ?? 'unknown processor'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB`,
  );
  const problems = new Map<number, TimingProblem>();
  const problemOf = (n: number) => {
    const problem = problems.get(n) ?? timingProblem(n);
    problems.set(n, problem);
    return problem;
  };
  const rows: Row[] = [];
  const now = () => performance.now();
  for (const { name, open } of backends) {
    let linalg: LinearAlgebra & { readonly fallbackReason?: string | undefined };
    try {
      linalg = await open();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      print({ backend: name, loads: false, reason }, `✗ ${name.padEnd(14)} ${reason}`);
      continue;
    }
    const { epsilon, fallbackReason } = linalg;
    print(
      { backend: name, loads: true, as: linalg.name, epsilon, ...(fallbackReason && { fallbackReason }) },
      `✓ ${name.padEnd(14)} ${linalg.name}, float${epsilon < 1e-10 ? 64 : 32}${fallbackReason ? ` (${fallbackReason})` : ''}`,
    );
    const own: Row[] = [];
    for (const n of sizes) {
      const times = await measureBackend(linalg, problemOf(n), { now, before: own });
      own.push({ backend: name, n, times });
    }
    rows.push(...own);
    await linalg.dispose?.();
  }
  if (options.json) for (const { backend, n, times } of rows) say(JSON.stringify({ backend, n, ...times }));
  else say(`\n${table(rows)}\n\nWorth it, of what loads here (at least a tenth faster):`);
  const timings = rows.flatMap(({ backend, n, times }) =>
    operations.flatMap((operation) => {
      const ms = times[operation];
      return ms === undefined ? [] : [{ backend, operation, n, ms }];
    }),
  );
  const worth = worthFrom(timings);
  for (const operation of operations) {
    const reigns = worth.filter((w) => w.operation === operation);
    if (options.json)
      for (const { backend, from } of reigns) say(JSON.stringify({ operation, backend, worthFrom: from }));
    else
      say(
        `  ${headings[operation].padEnd(9)} ${reigns.map(({ backend, from }) => `${backend} from n = ${from} on`).join(', then ')}`,
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
