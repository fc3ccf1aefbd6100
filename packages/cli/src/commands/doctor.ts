import os from 'node:os';
import { InvalidArgumentError, type LinearAlgebra } from '@foothold/core';
import { backends } from '../doctor/backends.ts';
import { type BackendTimes, measureBackend } from '../doctor/measure-backend.ts';

type Row = BackendTimes & { readonly backend: string; readonly n: number };

/** `foothold doctor`: what loads on this machine, how fast it is, and from which size on another backend is worth it. */
export async function doctor(options: { readonly sizes: string; readonly json?: boolean }): Promise<void> {
  const sizes = options.sizes.split(',').map(Number);
  if (sizes.some((n) => !Number.isInteger(n) || n < 1 || n > 8000))
    throw new InvalidArgumentError(
      '--sizes',
      options.sizes,
      'whole numbers from 1 to 8000, separated by commas',
    );
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
  const rows: Row[] = [];
  for (const { name, open } of backends) {
    let linalg: LinearAlgebra;
    try {
      linalg = await open();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      print({ backend: name, loads: false, reason }, `✗ ${name.padEnd(14)} ${reason}`);
      continue;
    }
    print(
      { backend: name, loads: true, as: linalg.name, epsilon: linalg.epsilon },
      `✓ ${name.padEnd(14)} ${linalg.name}, float${linalg.epsilon < 1e-10 ? 64 : 32}`,
    );
    for (const n of sizes)
      rows.push({ backend: name, n, ...(await measureBackend(linalg, n, { now: () => performance.now() })) });
    await linalg.dispose?.();
  }
  if (options.json) for (const row of rows) say(JSON.stringify(row));
  else say(`\n${table(rows)}`);
  for (const [backend, from] of worthFrom(rows, sizes))
    print({ backend, worthFrom: from }, `${backend} is worth it from n = ${from} on, of what loads here`);
}

/** Milliseconds by backend and size, aligned. */
function table(rows: readonly Row[]): string {
  const ms = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(0)).padStart(9);
  return [
    `${'milliseconds'.padEnd(16)}${'n'.padStart(6)} ${'Cholesky'.padStart(9)} ${'solve'.padStart(9)} ${'product'.padStart(9)}`,
    ...rows.map(
      (r) =>
        `${r.backend.padEnd(16)}${String(r.n).padStart(6)} ${ms(r.cholesky)} ${ms(r.solve)} ${ms(r.product)}`,
    ),
  ].join('\n');
}

/** The backend with the fastest Cholesky from each size on, where it changes. */
function worthFrom(rows: readonly Row[], sizes: readonly number[]): readonly (readonly [string, number])[] {
  const result: [string, number][] = [];
  for (const n of sizes) {
    const fastest = rows.filter((r) => r.n === n).toSorted((a, b) => a.cholesky - b.cholesky)[0];
    if (fastest && result.at(-1)?.[0] !== fastest.backend) result.push([fastest.backend, n]);
  }
  return result;
}
