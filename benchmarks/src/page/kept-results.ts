import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One run of a benchmark whose summary is kept. */
export interface KeptResult {
  readonly bench: string;
  /** Words after the name of the benchmark, and so which part of it ran. */
  readonly words: readonly string[];
  /** What `--seeds` was; absent: the benchmark's own default. */
  readonly seeds?: string | undefined;
  readonly machine: Readonly<Record<string, unknown>>;
  readonly summary: unknown;
  /** Day of the run, as 2026-11-30. */
  readonly date: string;
  /** What was measured: the commit, with `+` where files were changed since. */
  readonly commit: string;
}

const home = fileURLToPath(new URL('../../results', import.meta.url));

/** Keeps a run in `benchmarks/results`, in the place of the last run of the same benchmark and words. */
export function keepResult(result: Omit<KeptResult, 'date' | 'commit'>): void {
  const kept: KeptResult = { ...result, date: new Date().toISOString().slice(0, 10), commit: commit() };
  const others = existsSync(fileOf(result.bench)) ? readResults(fileOf(result.bench)) : [];
  const same = (other: KeptResult) => other.words.join(' ') === result.words.join(' ');
  const lines = [...others.filter((other) => !same(other)), kept].map((one) => JSON.stringify(one));
  mkdirSync(home, { recursive: true });
  const file = fileOf(result.bench);
  writeFileSync(`${file}.partial`, `${lines.join('\n')}\n`);
  renameSync(`${file}.partial`, file);
}

/** Everything kept, by the name of the benchmark and then by its words. */
export function keptResults(folder = home): readonly KeptResult[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  return files
    .flatMap((name) => readResults(join(folder, name)))
    .sort((a, b) => order(a.bench, b.bench) || order(a.words.join(' '), b.words.join(' ')));
}

function readResults(file: string): readonly KeptResult[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as KeptResult);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const fileOf = (bench: string): string => join(home, `${bench}.jsonl`);

function commit(): string {
  const git = (...words: string[]) =>
    execFileSync('git', words, {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      encoding: 'utf8',
    }).trim();
  return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+'}`;
}
