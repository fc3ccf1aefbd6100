import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { mediaType, type StaticFile, type StaticFiles } from './static-files.ts';

/** All files of a folder, read once; links in it are passed over. Rejects where there is no such folder. */
export async function staticFilesIn(folder: string): Promise<StaticFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, StaticFile>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(join(folder, '.').length).split(sep).join('/');
    files.set(path.startsWith('/') ? path : `/${path}`, {
      type: mediaType(entry.name),
      body: new Uint8Array(await readFile(file)),
    });
  }
  return files;
}
