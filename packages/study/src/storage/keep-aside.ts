import type { TornWrite } from '@foothold/core';
import type { Torn } from './log-file.ts';
import type { NodeFiles } from './node-files.ts';
import { bytesOf } from './read-log.ts';

/**
 * What is known of an unfinished record of the log at `path`, after its bytes were copied to a file beside the log,
 * `LOG.torn-OFFSET`. Where that cannot be written, `keptIn` is absent: the bytes stay in the log in any case.
 */
export function keptAside(fs: NodeFiles['fs'], path: string, { offset, event, bytes }: Torn): TornWrite {
  const facts = { bytes, event, offset };
  const content = bytesOf({ fs, path }, { start: offset, end: offset + bytes });
  for (let copy = 1; ; copy++) {
    const keptIn = `${path}.torn-${offset}${copy > 1 ? `-${copy}` : ''}`;
    try {
      fs.writeFileSync(keptIn, content, { flag: 'wx' });
      return { ...facts, keptIn, isNew: true };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return { ...facts, isNew: true };
    }
    const before = contentOf(fs, keptIn);
    if (before === undefined || before.equals(content)) return { ...facts, keptIn, isNew: false };
  }
}

function contentOf(fs: NodeFiles['fs'], path: string): Buffer | undefined {
  try {
    return fs.readFileSync(path);
  } catch {
    return undefined;
  }
}
