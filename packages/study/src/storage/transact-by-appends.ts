import { type Storage, StorageError, type StudyEvent } from '@foothold/core';

/** How often an append begins again because other writers were first, before it gives up. */
const maxRaces = 1000;

/** Chooses the events that come behind those that it knows, which `newer` are the last of. */
export type EventPlan = (newer: readonly StudyEvent[]) => readonly StudyEvent[];

/**
 * `transact` of a storage by its `read` and `append`: reads what is new, appends, and begins again where another writer was
 * first. Throws StorageError, with `retry`, when that happens a thousand times in a row.
 */
export async function transactByAppends(
  { read, append }: Pick<Storage, 'read' | 'append'>,
  study: string,
  { from, plan }: { readonly from: number; readonly plan: EventPlan },
): Promise<void> {
  let at = from;
  for (let race = 0; race < maxRaces; race++) {
    const newer = await read(study, at);
    if (race > 0 && newer.length === 0) await refuseShorter({ read }, study, at);
    at += newer.length;
    const events = plan(newer);
    if (events.length === 0 || (await append(study, at, events))) return;
  }
  throw new StorageError(`${study}: other writers were first ${maxRaces} times in a row`, { retry: true });
}

/** Nobody was first, and yet the append was refused: looks whether the log was deleted or cut. Throws StorageError. */
async function refuseShorter({ read }: Pick<Storage, 'read'>, study: string, known: number): Promise<void> {
  const { length } = await read(study, 0);
  if (length < known)
    throw new StorageError(
      `${study}: the stored log has ${length} events, and ${known} were read of it before: it was deleted or ` +
        'cut; put it back, or open the study again',
    );
}
