import { useEffect, useRef, useState } from 'preact/hooks';

/** The last answer, kept until the next is there, and why there is none. */
export interface Answer<T> {
  readonly value?: T | undefined;
  readonly fault?: string | undefined;
}

/**
 * The answer to a question that is asked again when one of `inputs` changes. While an answer is on its way only the newest of the
 * questions since waits.
 */
export function useAnswer<T>(ask: (() => Promise<T>) | undefined, inputs: readonly unknown[]): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({});
  const queue = useRef<{ next?: (() => Promise<T>) | undefined; isBusy: boolean; isGone: boolean }>({
    isBusy: false,
    isGone: false,
  }).current;
  useEffect(() => {
    queue.isGone = false;
    return () => {
      queue.isGone = true;
    };
  }, []);
  useEffect(() => {
    queue.next = ask;
    if (!queue.isBusy) void run();
  }, inputs);
  const run = async () => {
    queue.isBusy = true;
    while (queue.next && !queue.isGone) {
      const own = queue.next;
      queue.next = undefined;
      try {
        setAnswer({ value: await own() });
      } catch (error) {
        // The next model is asked by itself.
        if (error instanceof Error && error.name !== 'ModelReplacedError')
          setAnswer((before) => ({ ...before, fault: error.message }));
      }
    }
    queue.isBusy = false;
  };
  return answer;
}
