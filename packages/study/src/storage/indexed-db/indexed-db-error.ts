import { StorageError } from '@foothold/core';

/** What an IndexedDB database refused, by the name of the DOMException: what to do, and whether the same call may succeed later. */
const refusals: Readonly<Record<string, readonly [text: string, retry: boolean]>> = {
  QuotaExceededError: [
    'cannot grow: the browser gives this site no more room. Nothing of this write is stored; make room',
    true,
  ],
  SecurityError: [
    'is refused by the browser: site data is blocked, or the page is a sandboxed frame or has no origin',
    false,
  ],
  VersionError: [
    'was made by a newer version of this program, or by another one; nothing is written to it. Use another name',
    false,
  ],
  AbortError: ['was closed by the browser; nothing of this write is stored. Try again', true],
  InvalidStateError: ['is not open: the browser closed it, or keeps none in a private window', true],
  UnknownError: ['failed: the disk may be full, or the browser keeps none in a private window', true],
  TimeoutError: ['took too long; try again', true],
};

/** What IndexedDB threw, as a StorageError that says what to do; any other error as it is. */
export function indexedDbError(error: unknown, place: string): unknown {
  const { name, message } = (error ?? {}) as { readonly name?: string; readonly message?: string };
  const known = name !== undefined && Object.hasOwn(refusals, name) ? refusals[name] : undefined;
  if (error instanceof StorageError || !known) return error;
  const [text, retry] = known;
  return new StorageError(`${place} ${text} (IndexedDB: ${name}: ${message})`, { cause: error, retry });
}
