import { methodSummaries } from './transfer-methods/method-summaries.ts';
import type { methodTable } from './transfer-methods/method-table.ts';

/** Names of the transfer methods; `transferMethods` says what each does. */
export type TransferMethod = keyof typeof methodTable;

/** Each method's name with what it does, in a few words. */
export const transferMethods: Readonly<Record<TransferMethod, string>> = methodSummaries;
