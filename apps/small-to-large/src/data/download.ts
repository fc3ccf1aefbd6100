import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFileError, DownloadError } from './errors.ts';
import { officialFiles } from './fashion-mnist.ts';

/** Where the authors of Fashion-MNIST publish it (Xiao, Rasul, Vollgraf 2017). Checksums make up for the plain http. */
export const officialSource = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/';

export interface OfficialFile {
  readonly name: string;
  readonly bytes: number;
  /** Of the compressed file, hexadecimal. */
  readonly sha256: string;
}

export interface DownloadOptions {
  readonly folder: string;
  /** Address that the files' names are appended to. */
  readonly source?: string | undefined;
  readonly files?: readonly OfficialFile[] | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which the connection counts as dead, 30,000 by default. */
  readonly silence?: number | undefined;
}
export interface DownloadProgress {
  readonly file: OfficialFile;
  readonly state: 'present' | 'loading' | 'done';
  /** Bytes of the file that are on disk. */
  readonly loaded: number;
}

/**
 * Fetches the set's files into a folder, which is made when it is missing.
 *
 * A file arrives as NAME.part and gets its name only when its size and SHA-256 are right; an interrupted one is taken
 * up where it stopped. A file that is there with the right checksum is left alone; one with another throws
 * DataFileError and is not overwritten. Throws DownloadError for everything else.
 */
export async function downloadImages(options: DownloadOptions): Promise<void> {
  const { folder, files = officialFiles, onProgress } = options;
  await mkdir(folder, { recursive: true });
  for (const file of files) {
    const target = join(folder, file.name);
    if (await sizeOf(target)) {
      if ((await sha256(target)) !== file.sha256)
        throw new DataFileError(
          target,
          'is there already, but is not the official file (its SHA-256 differs); move it away or choose another folder',
        );
      onProgress?.({ file, state: 'present', loaded: file.bytes });
      continue;
    }
    await downloadFile(file, target, options);
    onProgress?.({ file, state: 'done', loaded: file.bytes });
  }
}

async function downloadFile(file: OfficialFile, target: string, options: DownloadOptions): Promise<void> {
  const source = options.source ?? officialSource;
  const url = new URL(file.name, source.endsWith('/') ? source : `${source}/`).href;
  const part = `${target}.part`;
  const present = await sizeOf(part);
  if (present < file.bytes) await fetchInto(url, part, { ...options, file, from: present });
  const size = await sizeOf(part);
  if (size < file.bytes)
    throw new DownloadError(
      url,
      `ended after ${size} of ${file.bytes} bytes; the same command takes it up from there`,
      { retry: true },
    );
  const found = await sha256(part);
  if (size !== file.bytes || found !== file.sha256) {
    await rm(part, { force: true });
    throw new DownloadError(
      url,
      `is not the official file: ${size} bytes with SHA-256 ${found}, expected ${file.bytes} bytes with ${file.sha256}; what was loaded is deleted`,
      { retry: false },
    );
  }
  await rename(part, target);
}

/** Appends what the server sends from byte `from` on, or all of it where the server does not do ranges. */
async function fetchInto(
  url: string,
  part: string,
  options: DownloadOptions & { readonly file: OfficialFile; readonly from: number },
): Promise<void> {
  const { file, from, onProgress, signal, silence = 30_000 } = options;
  const dead = new AbortController();
  const giveUp = () => dead.abort(new Error(`no byte for ${silence / 1000} s`));
  let timer = setTimeout(giveUp, silence);
  let output: FileHandle | undefined;
  try {
    const response = await fetch(url, {
      headers: from > 0 ? { range: `bytes=${from}-` } : {},
      signal: signal ? AbortSignal.any([signal, dead.signal]) : dead.signal,
    });
    if (response.status !== 200 && response.status !== 206)
      throw new DownloadError(url, `the server answers ${response.status} ${response.statusText}`.trim(), {
        retry: response.status >= 500,
      });
    const resumed = response.status === 206 && resumesAt(response, from);
    if (response.status === 206 && !resumed)
      throw new DownloadError(url, 'the server sends another part than was asked for', { retry: true });
    output = await open(part, resumed ? 'a' : 'w');
    let loaded = resumed ? from : 0;
    for await (const chunk of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, silence);
      loaded += chunk.length;
      if (loaded > file.bytes) {
        await output.close();
        output = undefined;
        await rm(part, { force: true });
        throw new DownloadError(
          url,
          `is longer than the ${file.bytes} bytes of the official file; what was loaded is deleted`,
          { retry: false },
        );
      }
      await output.write(chunk);
      onProgress?.({ file, state: 'loading', loaded });
    }
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    signal?.throwIfAborted();
    throw new DownloadError(
      url,
      `the connection failed (${causeOf(error)}). Without a network, copy the four files into a folder and name it with --data`,
      { retry: true, cause: error },
    );
  } finally {
    clearTimeout(timer);
    await output?.close();
  }
}

const resumesAt = (response: Response, from: number) =>
  response.headers.get('content-range')?.startsWith(`bytes ${from}-`) ?? false;

/** The innermost reason that an error gives: fetch hides it behind "fetch failed". */
function causeOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (!(inner instanceof Error)) return String(inner);
  return inner.message || (inner as NodeJS.ErrnoException).code || inner.name;
}

/** Bytes of a file, 0 where there is none. */
async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
