import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const fromSource = [
  process.execPath,
  '--conditions=@foothold/source',
  process.env['FOOTHOLD_TEST_MAIN'] ?? fileURLToPath(new URL('./main.ts', import.meta.url)),
];

/**
 * Node and its arguments that are the `foothold` command: from source (in a run of tests a bundle of it), or what the environment
 * variable FOOTHOLD_TEST_COMMAND names as a JSON array, so that the same tests run on the packed command and on other versions of
 * Node (tests/packed).
 */
export const [node, ...command] = JSON.parse(
  process.env['FOOTHOLD_TEST_COMMAND'] ?? JSON.stringify(fromSource),
) as [string, ...string[]];

export interface CommandRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `foothold` as a user runs it in `folder`; `onErr` sees standard error as it comes. */
export function commandIn(folder: string) {
  return (args: readonly string[], onErr?: (text: string, interrupt: () => void) => void) =>
    new Promise<CommandRun>((resolve) => {
      const child = spawn(node, [...command, ...args], {
        cwd: folder,
        env: { ...process.env, NO_COLOR: '1' },
      });
      let out = '';
      let err = '';
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk;
      });
      child.stderr.on('data', (chunk: Buffer) => {
        err += chunk;
        onErr?.(err, () => child.kill('SIGINT'));
      });
      child.on('close', (code) => resolve({ code, out, err }));
      child.stdin.end();
    });
}

/** What a command printed as JSON, without the times of trials: two runs can be equal in all else. */
export function withoutTimes(json: string): unknown {
  return JSON.parse(json, (key, value: unknown) =>
    key === 'startedAt' || key === 'finishedAt' ? undefined : value,
  );
}

/** A running `foothold`, as a user started it. */
export interface StartedCommand {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  /** Resolves when standard error has the text; rejects when the command ends before. */
  says(text: string): Promise<void>;
  /** Resolves with the exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

/** Starts `foothold` in `folder` with more in its environment. */
export function startIn(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): StartedCommand {
  const child = spawn(node, [...command, ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  const ended = new Promise<number | string>((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return {
    child,
    out: () => out,
    err: () => err,
    ended,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (err.includes(text)) resolve();
        };
        child.stderr.on('data', look);
        child.on('close', () => reject(new Error(`ended without ${JSON.stringify(text)}: ${err}`)));
        look();
      }),
  };
}
