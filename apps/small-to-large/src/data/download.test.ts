import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DownloadProgress, downloadImages, type OfficialFile } from './download.ts';
import { DataFileError, DownloadError } from './errors.ts';
import { readImages } from './fashion-mnist.ts';
import { smallSet } from './generated-set.ts';

/** How the loopback server behaves, and what it was asked. */
interface Behaviour {
  ranges: boolean;
  /** Closes the connection after so many bytes of a file. */
  cutAfter?: number;
  replace?: Uint8Array;
  status?: number;
  hang?: boolean;
}

const set = smallSet(12);
const files: OfficialFile[] = Object.entries(set).map(([name, bytes]) => ({
  name,
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
}));
const first = files[0]!;

let server: Server;
let source: string;
let folder: string;
let behaviour: Behaviour;
let asked: { name: string; range: string | undefined }[];

beforeEach(async () => {
  behaviour = { ranges: true };
  asked = [];
  folder = await mkdtemp(join(tmpdir(), 'foothold-download-'));
  server = createServer((request, response) => {
    const name = request.url!.split('/').at(-1)!;
    asked.push({ name, range: request.headers.range });
    if (behaviour.hang) return;
    if (behaviour.status) return response.writeHead(behaviour.status).end();
    const bytes = behaviour.replace ?? set[name]!;
    const from = behaviour.ranges ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    const headers: Record<string, string | number> = { 'content-length': bytes.length - from };
    if (from > 0) headers['content-range'] = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(from > 0 ? 206 : 200, headers);
    if (behaviour.cutAfter === undefined) return response.end(bytes.subarray(from));
    response.write(bytes.subarray(from, from + behaviour.cutAfter), () =>
      setTimeout(() => response.destroy(), 30),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  source = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fashion/`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const load = (
  more: { onProgress?: (p: DownloadProgress) => void; silence?: number; signal?: AbortSignal } = {},
) => downloadImages({ folder, source, files, ...more });
const failureOf = (run: Promise<void>): Promise<DownloadError> =>
  run.then(
    () => expect.unreachable(),
    (e) => e,
  );

describe('a download', () => {
  it('brings the four files, reports its progress and leaves nothing half done', async () => {
    const seen: DownloadProgress[] = [];
    await load({ onProgress: (p) => seen.push(p) });
    expect((await readdir(folder)).sort()).toEqual(files.map((f) => f.name).sort());
    expect((await readImages(folder)).train.count).toBe(20);
    expect(seen.filter((p) => p.state === 'done').map((p) => p.file.name)).toEqual(files.map((f) => f.name));
    expect(seen.some((p) => p.state === 'loading' && p.loaded === first.bytes)).toBe(true);
  });

  it('asks for nothing that is there already', async () => {
    await load();
    asked = [];
    const states: string[] = [];
    await load({ onProgress: (p) => states.push(p.state) });
    expect(asked).toEqual([]);
    expect(states).toEqual(['present', 'present', 'present', 'present']);
  });

  it('takes an interrupted file up where it stopped', async () => {
    behaviour.cutAfter = 20;
    const error = await failureOf(load());
    expect(error).toBeInstanceOf(DownloadError);
    expect(error.retry).toBe(true);
    expect(await readdir(folder)).toEqual([`${first.name}.part`]);
    delete behaviour.cutAfter;
    asked = [];
    await load();
    expect(asked[0]).toEqual({ name: first.name, range: 'bytes=20-' });
    expect(await readFile(join(folder, first.name))).toEqual(Buffer.from(set[first.name]!));
  });

  it('starts a file over where the server does not send parts', async () => {
    await writeFile(join(folder, `${first.name}.part`), set[first.name]!.subarray(0, 15));
    behaviour.ranges = false;
    await load();
    expect((await readImages(folder)).test.count).toBe(10);
  });

  it('refuses a file with a wrong checksum, names both sums and deletes it', async () => {
    behaviour.replace = set[first.name]!.with(40, 1 + set[first.name]![40]!);
    const error = await failureOf(load());
    expect(error).toBeInstanceOf(DownloadError);
    expect(error.retry).toBe(false);
    expect(error.message).toContain('is not the official file');
    expect(error.message).toContain(first.sha256);
    expect(error.url).toBe(`${source}${first.name}`);
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses an answer that is longer than the file', async () => {
    behaviour.replace = new Uint8Array(first.bytes + 1000);
    await expect(load()).rejects.toThrow(`longer than the ${first.bytes} bytes`);
    expect(await readdir(folder)).toEqual([]);
  });

  it('never overwrites a file of the same name with other contents', async () => {
    await writeFile(join(folder, first.name), 'mine');
    await expect(load()).rejects.toThrow(DataFileError);
    expect(await readFile(join(folder, first.name), 'utf8')).toBe('mine');
  });

  it('names the status of a server that refuses', async () => {
    behaviour.status = 404;
    await expect(load()).rejects.toThrow('the server answers 404');
  });

  it('gives up on a server that sends nothing', async () => {
    behaviour.hang = true;
    await expect(load({ silence: 100 })).rejects.toThrow('no byte for 0.1 s');
  });

  it('says what to do without a network', async () => {
    await new Promise((resolve) => server.close(resolve));
    const error = await failureOf(load());
    expect(error).toBeInstanceOf(DownloadError);
    expect(error.retry).toBe(true);
    expect(error.message).toMatch(/the connection failed \(.*ECONNREFUSED.*--data/);
  });
});
