import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildLock } from '../build-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('buildLock', () => {
  it('is held by one at a time', () => {
    const path = join(folder, 'a');
    const held = buildLock(path)!;
    expect(buildLock(path)).toBeUndefined();
    held.release();
    expect(existsSync(path)).toBe(false);
    buildLock(path)!.release();
  });
  it('is taken from a process that has ended', () => {
    const path = join(folder, 'b');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(path, String(pid));
    expect(buildLock(path)).toBeUndefined(); // it is taken away
    buildLock(path)!.release();
  });
  it('is taken from a holder without a sign of life, whose id another process has now', () => {
    const path = join(folder, 'c');
    writeFileSync(path, String(process.pid));
    expect([buildLock(path), buildLock(path)]).toEqual([undefined, undefined]);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(path, longAgo, longAgo);
    expect(buildLock(path)).toBeUndefined();
    buildLock(path)!.release();
  });
  it('is kept by a holder that works for long', async () => {
    const path = join(folder, 'd');
    const held = buildLock(path)!;
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(path, longAgo, longAgo);
    await new Promise((done) => setTimeout(done, 1500));
    expect([buildLock(path), buildLock(path)]).toEqual([undefined, undefined]);
    held.release();
  });
});
