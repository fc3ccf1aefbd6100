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
  readonly env?: Readonly<Record<string, string>>;
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
    const shared = {
      stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      env: { ...process.env, ...options.env },
    };
    const child =
      'shell' in command
        ? spawn(command.shell, { ...shared, shell: true })
        : spawn(command[0]!, command.slice(1), { ...shared, shell: false });
    let stderr = '';
    let stopped: string | undefined;
    const timers: NodeJS.Timeout[] = [];
    const kill = (signal: NodeJS.Signals) => {
      try {
        if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, signal);
        else child.kill(signal);
      } catch {
        // The group is gone already.
      }
    };
    const stop = (reason: string) => {
      stopped ??= reason;
      kill('SIGTERM');
      timers.push(setTimeout(() => kill('SIGKILL'), grace));
    };
    const onAbort = () => stop('interrupted');
    const onExit = () => kill('SIGKILL');
    process.setMaxListeners(process.getMaxListeners() + 1);
    process.on('exit', onExit);
    if (options.timeout !== undefined)
      timers.push(
        setTimeout(() => stop(`killed after the time limit of ${options.timeout} s`), options.timeout * 1000),
      );
    options.signal?.addEventListener('abort', onAbort, { once: true });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      options.onOutput?.(text, 'stdout');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-keepError);
      options.onOutput?.(text, 'stderr');
    });
    let ended = false;
    const end = (failure: string | undefined) => {
      if (ended) return;
      ended = true;
      for (const timer of timers) clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      kill('SIGKILL');
      process.off('exit', onExit);
      process.setMaxListeners(process.getMaxListeners() - 1);
      // A descendant that holds the output open must not hold this process.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(failure === undefined ? {} : { failure });
    };
    child.on('error', (error) => end(`could not be started: ${error.message}`));
    const settle = (code: number | null, signal: NodeJS.Signals | null) => {
      const last = failureReason(withoutSecrets(stderr));
      if (stopped !== undefined) end(stopped);
      else if (code !== 0)
        end(`${signal === null ? `exit code ${code}` : `killed by ${signal}`}${last && `: ${last}`}`);
      else end(undefined);
    };
    child.on('close', settle);
    // A grandchild that holds the pipe open must not keep the trial waiting.
    child.on('exit', (code, signal) => timers.push(setTimeout(() => settle(code, signal), grace)));
    if (options.signal?.aborted) onAbort();
  });
}
