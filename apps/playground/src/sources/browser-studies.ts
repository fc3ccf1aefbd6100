import { indexedDbStorage } from '@foothold/study';
import { signal } from '@preact/signals';
import { databaseName } from '../tuning/tuning-messages.ts';

/** The studies of this browser, as the page sees them; its worker writes to the same database. */
export const storage = indexedDbStorage(databaseName);

/** The program of which the studies are being deleted: the page shows none of them. */
export const deleting = signal<string | undefined>(undefined);
