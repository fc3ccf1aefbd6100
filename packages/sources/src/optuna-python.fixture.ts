import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';
import { lenientJson } from './lenient-json.ts';

/** Python interpreters with Optuna: FOOTHOLD_OPTUNA_PYTHON names one or several, separated as in PATH. Default: python3. */
const given = (process.env['FOOTHOLD_OPTUNA_PYTHON'] ?? 'python3').split(delimiter);

export interface OptunaPython {
  readonly python: string;
  readonly version: string;
}

const found = given.flatMap((python): OptunaPython[] => {
  const answer = spawnSync(python, ['-c', 'import optuna; print(optuna.__version__)'], { encoding: 'utf8' });
  return answer.status === 0 ? [{ python, version: answer.stdout.trim() }] : [];
});

/** The tests with each Optuna that is there; skipped, with the reason in the name, where there is none. */
export function describeWithOptuna(name: string, tests: (python: OptunaPython) => void): void {
  if (found.length === 0)
    describe.skip(`${name} (skipped: no Optuna in ${given.join(', ')}; FOOTHOLD_OPTUNA_PYTHON names a Python that has it)`, () =>
      tests({ python: 'python3', version: '5.0.0' }));
  for (const python of found) describe(`${name}, Optuna ${python.version}`, () => tests(python));
}

/** What a script beside the fixtures prints. Throws what Python says where it fails. */
export function runScript({ python }: OptunaPython, script: string, ...args: readonly string[]): string {
  const path = fileURLToPath(new URL(`./fixtures/${script}`, import.meta.url));
  const answer = spawnSync(python, [path, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (answer.status !== 0) throw new Error(`${script} ${args.join(' ')}: ${answer.stderr}`);
  return answer.stdout;
}

/** A study as Optuna reads it, printed by fixtures/read-optuna.py. */
export interface SeenStudy {
  readonly name: string;
  readonly directions: readonly string[];
  readonly user_attrs: Readonly<Record<string, unknown>>;
  readonly best: number | readonly number[] | null;
  readonly trials: readonly SeenTrial[];
}
export interface SeenTrial {
  readonly number: number;
  readonly state: string;
  readonly values: readonly (number | string)[] | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly distributions: Readonly<Record<string, unknown>>;
  readonly intermediate: readonly (readonly [number, number | string])[];
  readonly user_attrs: Readonly<Record<string, unknown>>;
  readonly fixed: Readonly<Record<string, unknown>> | null;
  readonly constraints: readonly number[] | null;
  /** UTC. */
  readonly start: string | null;
  readonly complete: string | null;
}

export function seenStudies(text: string): readonly SeenStudy[] {
  return (lenientJson(text) as { readonly studies: readonly SeenStudy[] }).studies;
}
