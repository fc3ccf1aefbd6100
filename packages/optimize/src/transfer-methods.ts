import { methodTable } from './transfer-methods/method-table.ts';

/** Names of the transfer methods; `transferMethods` says what each does. */
export type TransferMethod = keyof typeof methodTable;

/** Each method's name with what it does, in a few words. */
export const transferMethods: Readonly<Record<TransferMethod, string>> = /* @__PURE__ */ Object.fromEntries(
  /* @__PURE__ */ Object.entries(methodTable).map(([name, { summary }]) => [name, summary]),
) as Record<TransferMethod, string>;
