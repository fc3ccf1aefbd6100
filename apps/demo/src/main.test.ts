import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { brotliScore, brotliSpace } from './brotli.ts';
import { readCorpus, sampleOf } from './corpus.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const root = fileURLToPath(new URL('../../..', import.meta.url));
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
    expect(out).toContain('brotli');
    expect(out).toContain('branin');
    expect((await demo('--help')).out).toContain('--backend');
    expect((await demo('nothing')).code).toBe(2);
    expect((await demo('--backend', 'abacus')).err).toContain(
      '--backend is "abacus", allowed is one of wasm, cpu',
    );
    expect((await demo('--colour')).err).toContain('--colour');
  });
  it('carries the compressor from a few files to all of them and writes a report', async () => {
    const { code, out, err } = await demo('--report', 'brotli.html');
    expect(code, err).toBe(0);
    expect(out).toMatch(/large, small to large +\d+\.\d{4} +10 /);
    expect(out).toMatch(/large, cold start +\d+\.\d{4} +10 /);
    expect(out).not.toContain('\u001b');
    expect(readFileSync(join(folder, 'brotli.html'), 'utf8')).toContain('small to large');
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

describe('the corpus', () => {
  const corpus = readCorpus(root, ['packages/core'], 100_000);
  it('is what is there, in order and within its size', () => {
    expect(corpus.size).toBeLessThanOrEqual(100_000);
    expect(corpus.files.map(({ name }) => name)).toContain(join('packages', 'core', 'README.md'));
    expect(corpus.size).toBe(corpus.files.reduce((sum, { bytes }) => sum + bytes.length, 0));
    expect(readCorpus(root, ['no-such-folder'], 1000).files).toEqual([]);
    const sample = sampleOf(corpus, 0.25);
    expect(sample.files.length).toBeLessThan(corpus.files.length / 2);
    expect(sample.files.length).toBeGreaterThan(0);
  });
  it('is scored by bytes and seconds: a window of one KiB sends more bytes than one of a MiB', () => {
    const params = {
      ...brotliSpace.decode(new Float64Array(6).fill(0.5)),
      quality: 5,
      blockBits: 0 as const,
    };
    const narrow = brotliScore(corpus, { ...params, windowBits: 10 });
    const wide = brotliScore(corpus, { ...params, windowBits: 20 });
    expect(narrow.bytes).toBeGreaterThan(wide.bytes);
    const mebibytes = corpus.size / 2 ** 20;
    expect(wide.value).toBeCloseTo((wide.seconds + (20 * 8 * wide.bytes) / 2e6) / mebibytes, 12);
  });
});
