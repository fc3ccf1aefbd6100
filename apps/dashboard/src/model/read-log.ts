import type { StudyEvent } from '@foothold/core';
import type { StudySource } from '../sources/study-source.ts';

/** The whole log of a study as it is now. Rejects where it cannot be read. */
export function readLog(source: StudySource, study: string): Promise<readonly StudyEvent[]> {
  const ending = new AbortController();
  const read: StudyEvent[] = [];
  return new Promise<readonly StudyEvent[]>((resolve, reject) => {
    source.follow(study, 0, {
      signal: ending.signal,
      events(events) {
        for (const event of events) read.push(event);
      },
      connection(connection) {
        if (connection.state === 'live' || connection.state === 'ended') resolve(read);
        if (connection.state === 'failed' || connection.state === 'offline')
          reject(new Error(connection.message));
      },
    });
  }).finally(() => ending.abort());
}
