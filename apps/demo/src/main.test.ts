import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'foothold-demo-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function demo(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--conditions=@foothold/source', main, ...args], {
      cwd: folder,
      env: { ...process.env, INIT_CWD: folder },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

describe('the demo', { timeout: 120_000 }, () => {
  it('lists its demos and explains itself', async () => {
    const { out } = await demo('--list');
    expect(out).toContain('digits');
    expect(out).toContain('branin');
    expect((await demo('--help')).out).toContain('--backend');
    expect((await demo('nothing')).code).toBe(2);
    expect((await demo('--backend', 'abacus')).err).toContain(
      '--backend is "abacus", allowed is one of wasm, cpu',
    );
    expect((await demo('--colour')).err).toContain('--colour');
    expect((await demo('--seed', 'x')).err).toContain('--seed is "x", allowed is a whole number from 0');
    expect((await demo('--trials', '1')).err).toContain('--trials is "1", allowed is a whole number from 2');
    expect((await demo('--digits', '4001')).err).toContain(
      '--digits is "4001", allowed is a whole number from 40 to 4000',
    );
    const refused = await demo('branin', '--trials', '4');
    expect(refused.err).toContain('branin takes no --trials');
    expect(refused.code).toBe(2);
  });
  it.each(['cpu', 'ml-matrix'])('finds a minimum of Branin on the %s backend', async (backend) => {
    const { code, out, err } = await demo('branin', '--backend', backend, '--report', `${backend}.html`);
    expect(code, err).toBe(0);
    expect(Number(/best ([\d.]+) at/.exec(out)?.[1])).toBeLessThan(0.45);
    expect(existsSync(join(folder, `${backend}.html`))).toBe(true);
  });
  it('names a checkpoint that is best or close to it', async () => {
    const { code, out, err } = await demo('checkpoints', '--report', 'checkpoints.html');
    expect(code, err).toBe(0);
    const short = Number(/whose mean is ([\d.]+) % higher/.exec(out)?.[1] ?? 0);
    expect(short).toBeLessThan(0.5);
  });
});
