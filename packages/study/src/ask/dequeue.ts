import { OutOfSpaceError, type Params } from '@foothold/core';
import { canonical } from '../log/canonical.ts';
import type { StudyLog } from '../log/study-log.ts';
import type { Dequeued } from './suggestion.ts';

/** Takes from the queue what can be no trial, and throws OutOfSpaceError; returns where another worker took it first. */
export function dequeue<P extends Params>(commit: StudyLog<P>['commit'], event: Dequeued): Promise<void> {
  const text = canonical(event.params);
  return commit((state) => {
    const isThere = state.queue.some((entry) => canonical(entry) === text);
    return {
      events: isThere ? [event] : [],
      answer: () => {
        if (!isThere) return;
        throw new OutOfSpaceError(
          'what was enqueued',
          event.params,
          `what can be asked, and it is taken from the queue: ${event.reason}`,
        );
      },
    };
  });
}
