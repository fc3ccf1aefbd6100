import { existsSync, readdirSync } from 'node:fs';
import type { StudyEvent } from '@foothold/core';
import { studiesIn } from '../studies-in.ts';
import { UsageError } from '../usage-error.ts';

/** The log of a study that exists. Throws UsageError, which names the studies that there are, for one that does not. */
export async function storedEvents(name: string, storage: string): Promise<readonly StudyEvent[]> {
  const events = existsSync(storage) ? await studiesIn(storage).read(name, 0) : [];
  if (events.length > 0) return events;
  const there = existsSync(storage)
    ? readdirSync(storage).flatMap((file) => (file.endsWith('.jsonl') ? [file.slice(0, -6)] : []))
    : [];
  throw new UsageError(
    `there is no study ${JSON.stringify(name)} in ${storage}${there.length > 0 ? `; there are ${there.join(', ')}` : ', which holds none'}`,
  );
}
