import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { smallSet, writeSet } from './data/generated-set.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foothold-app-'));
  await writeSet(join(folder, 'images'), smallSet(12));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The program as its own process in the folder; `onOutput` may send it a signal. */
function command(words: string[], onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void) {
  return new Promise<{ code: number | null; output: string; errors: string }>((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@foothold/source', program, ...words], {
      cwd: folder,
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (part: Buffer) => {
      output += part;
      onOutput?.(output, (signal) => child.kill(signal));
    });
    child.stderr.on('data', (part: Buffer) => {
      errors += part;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, errors }));
  });
}

const tiny =
  '--data images --small-trials 6 --large-trials 3 --images 20 --epochs 1 --channels-scale 0.1'.split(' ');

describe('the program', () => {
  it('stopped by Ctrl-C ends at once with code 130, and the same line finishes the story', async () => {
    let sent = false;
    const stopped = await command([...tiny, '--storage', 'kept'], (text, kill) => {
      if (sent || !text.includes('2/6')) return;
      sent = true;
      kill('SIGINT');
    });
    expect(stopped.code).toBe(130);
    expect(stopped.errors).toContain('the same command goes on from there');
    expect(stopped.output).not.toContain('best settings');
    const again = await command([...tiny, '--storage', 'kept']);
    expect([again.code, again.errors]).toEqual([0, '']);
    expect(again.output).toMatch(/small network: [2-6] of 6 trials are there from an earlier run/);
    expect(again.output).toContain('best settings');
    expect(await readdir(folder)).toContain('report.html');
  });

  it('has help that names every flag, and says what is wrong with a command line', async () => {
    const help = await command(['--help']);
    expect(help.code).toBe(0);
    for (const flag of ['--data', '--download', '--backend', '--quick', '--full', '--storage', 'Ctrl-C'])
      expect(help.output).toContain(flag);
    const wrong = await command(['--backend', 'abacus']);
    expect(wrong.code).toBe(2);
    expect(wrong.errors).toContain('Allowed choices are wasm, cpu, node, node-gpu');
    const none = await command([]);
    expect([none.code, none.output]).toEqual([1, '']);
    expect(none.errors).toMatch(/InvalidArgumentError: --data is .*--download DIR/);
  });

  it('refuses images that a download brings with another checksum', async () => {
    const files = smallSet();
    const server = createServer((request, response) => response.end(files[request.url!.slice(1)]));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, errors } = await command(['--download', 'fetched', '--source', `http://127.0.0.1:${port}`]);
    server.closeAllConnections();
    server.close();
    expect(code).toBe(1);
    expect(errors).toMatch(/^DownloadError: .*train-images-idx3-ubyte\.gz/);
  });
});
