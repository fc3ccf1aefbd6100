import type { TornWrite } from '@foothold/core';
import type { Torn } from './log-file.ts';

/**
 * What is known of an unfinished record of the log at `path`, after its bytes were copied to a file beside the log,
 * `LOG.torn-OFFSET`. Where that cannot be written, `keptIn` is absent: the bytes stay in the log in any case.
 */
export async function keptAside(path: string, { offset, event, content }: Torn): Promise<TornWrite> {
  const { readFile, writeFile } = await import('node:fs/promises');
  const facts = { bytes: content.length, event, offset };
  for (let copy = 1; ; copy++) {
    const keptIn = `${path}.torn-${offset}${copy > 1 ? `-${copy}` : ''}`;
    try {
      await writeFile(keptIn, content, { flag: 'wx' });
      return { ...facts, keptIn, isNew: true };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return { ...facts, isNew: true };
    }
    const before = await readFile(keptIn).catch(() => undefined);
    if (before === undefined || before.equals(content)) return { ...facts, keptIn, isNew: false };
  }
}
