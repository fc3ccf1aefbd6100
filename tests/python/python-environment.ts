import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/workspace.ts';
import { footholdMain } from '../foothold-main.ts';
import { type CommandResult, runCommand } from '../run-command.ts';

/** A file `integrations/python/requirements/NAME.txt`, with the hashes of all that it installs. */
export type PythonGroup = 'core' | 'node' | 'optuna' | 'optuna4' | 'ray' | 'sklearn' | 'wheel';

export interface PythonEnvironment {
  /** Its Python. */
  readonly python: string;
  /** Folder of its programs. */
  readonly programs: string;
}

export const pythonFolder = join(root, 'integrations/python');
const windows = process.platform === 'win32';
const basePython = windows ? 'python' : 'python3';

/** Why there can be no environment here; undefined where there can be one. */
export async function pythonMissing(): Promise<string | undefined> {
  const check = 'import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 3)';
  const found = await runCommand(basePython, ['-c', check]).catch(() => undefined);
  if (!found) return `${basePython} is not on this machine`;
  if (found.code === 3) return `${basePython} is older than 3.10`;
  return found.code === 0 ? undefined : `${basePython} has no venv`;
}

/**
 * The environment of this group under node_modules/.cache, made where it is not there yet; of several processes one makes it. Rejects
 * with what pip printed.
 */
export async function pythonEnvironment(group: PythonGroup): Promise<PythonEnvironment> {
  const requirements = join(pythonFolder, 'requirements', `${group}.txt`);
  const version = await runCommand(basePython, ['-c', 'import sys; print(sys.version, sys.prefix)']);
  const hash = createHash('sha256').update(readFileSync(requirements)).update(version.stdout).digest('hex');
  const folder = join(root, 'node_modules/.cache/python', `${group}-${hash.slice(0, 16)}`);
  const programs = join(folder, windows ? 'Scripts' : 'bin');
  if (!existsSync(join(folder, 'complete'))) {
    const script = join(import.meta.dirname, 'make-environment.py');
    const made = await runCommand(basePython, [script, folder, requirements], { timeout: 900_000 });
    if (made.code !== 0)
      throw new Error(`the Python environment ${group} was not made: ${made.stdout}${made.stderr}`);
  }
  return { python: join(programs, windows ? 'python.exe' : 'python'), programs };
}

/** The `foothold` command from source, as FOOTHOLD_ENGINE names it. */
const engineFromSource = [process.execPath, '--conditions=@foothold/source', footholdMain]
  .map((word) => (/[\s"'\\]/.test(word) ? `"${word}"` : word))
  .join(' ');

/** The environment of processes in it, with the package `foothold` from source and its engine from source. */
export function pythonVariables({ programs }: PythonEnvironment): NodeJS.ProcessEnv {
  const { PYTHONHOME: _, ...env } = process.env;
  return {
    ...env,
    VIRTUAL_ENV: join(programs, '..'),
    PYTHONPATH: join(pythonFolder, 'src'),
    PYTHONUTF8: '1',
    FOOTHOLD_ENGINE: engineFromSource,
  };
}

/** Runs the environment's Python with the package `foothold` from source, and its engine from source. */
export function runPython(
  environment: PythonEnvironment,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly timeout?: number;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<CommandResult> {
  return runCommand(environment.python, args, {
    cwd: options.cwd ?? pythonFolder,
    timeout: options.timeout ?? 600_000,
    env: { ...pythonVariables(environment), ...options.env },
  });
}
