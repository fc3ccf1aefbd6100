import { existsSync, readFileSync } from 'node:fs';

/** True while the process runs. A killed child stays as a zombie until its parent sees its end; that is not alive. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const status = `/proc/${pid}/status`;
    return !(existsSync(status) && /^State:\s+Z/m.test(readFileSync(status, 'utf8')));
  } catch {
    return false;
  }
}
