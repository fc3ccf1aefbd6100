import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface Corpus {
  readonly files: readonly { readonly name: string; readonly bytes: Buffer }[];
  readonly size: number;
}

const kinds = /\.(ts|js|mjs|cjs|json|md|html|css|svg|yaml|yml|txt)$/;
const maxFile = 256 * 1024;

/**
 * The text files below the folders, in alphabetical order, until `maxBytes` are full.
 *
 * Folders that are missing are passed over; links and what git keeps to itself are not followed.
 */
export function readCorpus(root: string, folders: readonly string[], maxBytes: number): Corpus {
  const files: { name: string; bytes: Buffer }[] = [];
  let size = 0;
  for (const path of folders.flatMap((folder) => textFiles(join(root, folder)))) {
    const bytes = readFileSync(path);
    if (bytes.length === 0 || bytes.length > maxFile) continue;
    if (size + bytes.length > maxBytes) break;
    files.push({ name: relative(root, path), bytes });
    size += bytes.length;
  }
  return { files, size };
}

/** Every k-th file by size, so that about `share` of the files remain, of all sizes: the small problem that stands for the whole. */
export function sampleOf(corpus: Corpus, share: number): Corpus {
  const step = Math.max(1, Math.round(1 / share));
  const bySize = corpus.files.toSorted((a, b) => a.bytes.length - b.bytes.length);
  const files = bySize.filter((_, i) => i % step === Math.floor(step / 2));
  return { files, size: files.reduce((sum, { bytes }) => sum + bytes.length, 0) };
}

function textFiles(folder: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    if (name.startsWith('.git') || name === 'dist' || name === '.turbo') return [];
    const path = join(folder, name);
    const entry = statSync(path, { throwIfNoEntry: false });
    if (entry === undefined) return [];
    if (entry.isDirectory()) return name === 'node_modules' ? [] : textFiles(path);
    return entry.isFile() && kinds.test(name) ? [path] : [];
  });
}
