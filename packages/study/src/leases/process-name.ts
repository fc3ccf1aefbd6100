/** The parts of Node's `process` that distinguish processes; absent in browsers. */
interface ProcessLike {
  readonly pid?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  kill?(pid: number, signal: number): boolean;
  getBuiltinModule?(name: 'node:os'): { hostname(): string } | undefined;
  getBuiltinModule?(name: 'node:fs'): FileSystemLike | undefined;
  getBuiltinModule?(name: 'node:child_process'): ChildProcessLike | undefined;
}
interface FileSystemLike {
  readFileSync(path: string, encoding: 'utf8'): string;
  readlinkSync(path: string): string;
}
interface ChildProcessLike {
  spawnSync(
    command: string,
    args: readonly string[],
    options: { encoding: 'utf8' },
  ): { stdout: string | null };
}

function processLike(): ProcessLike | undefined {
  return (globalThis as { process?: ProcessLike }).process;
}

/**
 * Name of this process among all that may share a study, `host:pid:start`; `local` where there are no processes. `start`
 * says when the process began and in which process namespace, so that neither a later process with the same id nor one of
 * another container has the same name. FOOTHOLD_HOST in the environment replaces the host's name. `part` names one of
 * several workers of the process: `/` and the part stand at the end.
 */
export function processName(part?: string): string {
  const process = processLike();
  const name =
    process?.pid === undefined
      ? 'local'
      : `${hostName(process)}:${process.pid}:${startOf(process, process.pid) ?? ''}`;
  return part === undefined ? name : `${name}/${part}`;
}

/**
 * Whether the process of this name, or of a part of it, runs: false for one of this machine that has ended, also when another process has its
 * id now; undefined for what cannot be known (another host, another container).
 */
export function processRuns(name: string): boolean | undefined {
  const process = processLike();
  const [, host, pid, start] = /^(.*?):(\d+)(?::([^/]*)(?:\/.*)?)?$/.exec(name) ?? [];
  if (!process?.kill || host === undefined || hostName(process) !== host) return undefined;
  const scope = scopeOf(process);
  if (start && scope !== undefined && !start.startsWith(`${scope}.`)) return undefined;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as { code?: string }).code === 'ESRCH') return false;
  }
  const now = start ? startOf(process, Number(pid)) : undefined;
  return now === undefined || now === start;
}

function hostName(process: ProcessLike): string {
  const given = process.env?.['FOOTHOLD_HOST'];
  return given ? given : (process.getBuiltinModule?.('node:os')?.hostname() ?? 'host');
}

/** When a process of this machine began, with its scope before it; undefined where the system does not say. */
function startOf(process: ProcessLike, pid: number): string | undefined {
  const scope = scopeOf(process);
  if (scope !== undefined) {
    // Fields after the last ")": state is the 3rd of the file, the start in clock ticks since boot the 22nd.
    const stat = attempt(() =>
      process.getBuiltinModule?.('node:fs')?.readFileSync(`/proc/${pid}/stat`, 'utf8'),
    );
    const ticks = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? undefined : `${scope}.${ticks}`;
  }
  const listed = attempt(
    () =>
      process
        .getBuiltinModule?.('node:child_process')
        ?.spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout,
  );
  const text = listed?.trim().replaceAll(/\W+/g, '-');
  return text ? text : undefined;
}

let ownScope: { readonly text: string | undefined } | undefined;

/** The boot of this machine and the namespace of process ids: ids say something only within both. Linux only. */
function scopeOf(process: ProcessLike): string | undefined {
  ownScope ??= { text: readScope(process) };
  return ownScope.text;
}

function readScope(process: ProcessLike): string | undefined {
  return attempt(() => {
    const files = process.getBuiltinModule?.('node:fs');
    const boot = files?.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    const namespace = files?.readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '');
    return files && `${boot}.${namespace}`;
  });
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
