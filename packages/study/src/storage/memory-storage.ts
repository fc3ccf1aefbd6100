import type { Storage, StudyEvent } from '@foothold/core';
import { throughJson } from '../canonical.ts';

/**
 * A storage that lives as long as the object: for tests, and for studies that need not outlive the process. It throws
 * InvalidArgumentError for events that are no JSON.
 */
export function memoryStorage(): Storage {
  const logs = new Map<string, StudyEvent[]>();
  return {
    read: (study, from) => throughJson((logs.get(study) ?? []).slice(from)),
    append(study, at, events) {
      const log = logs.get(study) ?? [];
      if (log.length !== at) return false;
      for (const event of throughJson(events)) log.push(event);
      logs.set(study, log);
      return true;
    },
  };
}
