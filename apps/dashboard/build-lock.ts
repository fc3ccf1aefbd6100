import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';

/** Milliseconds between two signs of life of a holder, and those without one after which it is gone. */
const signEvery = 1000;
const silence = 30_000;

/**
 * The lock of this path, in a file with the holder's process id; undefined while another process holds it. A holder that has ended is gone, and so is one
 * that gives no sign of life: its id may be that of another program by now. `release` gives it back.
 */
export function buildLock(path: string): { release(): void } | undefined {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (isGone(path)) rmSync(path, { force: true });
    return undefined;
  }
  const timer = setInterval(() => sign(path), signEvery);
  timer.unref();
  return {
    release() {
      clearInterval(timer);
      rmSync(path, { force: true });
    },
  };
}

function sign(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // Somebody took it for one that is gone: two build then, and each keeps the same page.
  }
}

function isGone(path: string): boolean {
  try {
    if (Date.now() - statSync(path).mtimeMs > silence) return true;
    process.kill(Number(readFileSync(path, 'utf8')), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
