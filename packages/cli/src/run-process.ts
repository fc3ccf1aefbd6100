import { spawn } from 'node:child_process';
import { failureReason } from './failure-reason.ts';
import { withoutSecrets } from './safe-text.ts';

export interface ProcessResult {
  /** Why it counts as failed, one line without control characters and secrets; absent after a clean end. */
  readonly failure?: string;
}
export interface ProcessOptions {
  /** Seconds until the process and its children are killed. Default: no limit. */
  readonly timeout?: number | undefined;
  /** Beside the environment of this process; without those that are undefined here. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** Called with each piece of standard output and standard error. */
  readonly onOutput?: ((text: string, stream: 'stdout' | 'stderr') => void) | undefined;
}

/** Characters of standard error that are kept: a stack trace of many threads or causes has its first line far up. */
const keepError = 1 << 16;
const grace = 2000;

/**
 * How a program ended. `onOutput` gets what it prints.
 *
 * The program gets a process group of its own: at the time limit, or when `signal` aborts, the whole group gets SIGTERM and
 * two seconds later SIGKILL, so that no child is left behind; where this process exits before, the group gets SIGKILL at
 * once. A descendant that left the group is not killed, and not waited for either, although it may hold the output open.
 * `shell` hands one line to the shell instead.
 */
export function runProcess(
  command: readonly string[] | { readonly shell: string },
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  return new Promise((resolve) => {
    const child = started(command, options);
    let stderr = '';
    let stopped: string | undefined;
    const timers: NodeJS.Timeout[] = [];
    const stop = (reason: string) => {
      stopped ??= reason;
      kill(child, 'SIGTERM');
      timers.push(setTimeout(() => kill(child, 'SIGKILL'), grace));
    };
    const onAbort = () => stop('interrupted');
    const onExit = () => kill(child, 'SIGKILL');
    process.setMaxListeners(process.getMaxListeners() + 1);
    process.on('exit', onExit);
    const { timeout, signal: abort } = options;
    if (timeout !== undefined)
      timers.push(setTimeout(() => stop(`killed after the time limit of ${timeout} s`), timeout * 1000));
    abort?.addEventListener('abort', onAbort, { once: true });
    child.stdout.setEncoding('utf8').on('data', (text: string) => options.onOutput?.(text, 'stdout'));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-keepError);
      options.onOutput?.(text, 'stderr');
    });
    let ended = false;
    const end = (failure: string | undefined) => {
      if (ended) return;
      ended = true;
      for (const timer of timers) clearTimeout(timer);
      abort?.removeEventListener('abort', onAbort);
      kill(child, 'SIGKILL');
      process.off('exit', onExit);
      process.setMaxListeners(process.getMaxListeners() - 1);
      // A descendant that holds the output open must not hold this process.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(failure === undefined ? {} : { failure });
    };
    child.on('error', (error) => end(`could not be started: ${error.message}`));
    const settle = (code: number | null, signal: NodeJS.Signals | null) =>
      end(stopped ?? failureOf({ code, signal, stderr }));
    child.on('close', settle);
    // A grandchild that holds the pipe open must not keep the trial waiting.
    child.on('exit', (code, signal) => timers.push(setTimeout(() => settle(code, signal), grace)));
    if (abort?.aborted) onAbort();
  });
}

type Child = ReturnType<typeof started>;

function started(command: readonly string[] | { readonly shell: string }, { env }: ProcessOptions) {
  const shared = {
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    env: { ...process.env, ...env },
  };
  return 'shell' in command
    ? spawn(command.shell, { ...shared, shell: true })
    : spawn(command[0]!, command.slice(1), { ...shared, shell: false });
}

/** Sends the signal to the child's whole group. */
function kill(child: Child, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // The group is gone already.
  }
}

/** Why a program that ended by itself failed; undefined after a clean end. */
function failureOf({
  code,
  signal,
  stderr,
}: {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}): string | undefined {
  if (code === 0) return undefined;
  const last = failureReason(withoutSecrets(stderr));
  return `${signal === null ? `exit code ${code}` : `killed by ${signal}`}${last && `: ${last}`}`;
}
