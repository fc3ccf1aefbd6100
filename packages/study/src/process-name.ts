/** The parts of Node's `process` that tell processes apart; absent in browsers. */
interface ProcessLike {
  readonly pid?: number;
  kill?(pid: number, signal: number): boolean;
  getBuiltinModule?(name: string): { hostname?(): string } | undefined;
}

function processLike(): ProcessLike | undefined {
  return (globalThis as { process?: ProcessLike }).process;
}

/** Machine and process, `host:123`; `local` where there are no processes. */
export function processName(): string {
  const process = processLike();
  const host = process?.getBuiltinModule?.('node:os')?.hostname?.() ?? 'host';
  return process?.pid === undefined ? 'local' : `${host}:${process.pid}`;
}

/** False when the name is that of a process of this machine that has ended; true when it runs, or cannot be known. */
export function processRuns(name: string): boolean {
  const process = processLike();
  const [, host, pid] = /^(.*):(\d+)$/.exec(name) ?? [];
  if (!process?.kill || host === undefined || !processName().startsWith(`${host}:`)) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code !== 'ESRCH';
  }
}
