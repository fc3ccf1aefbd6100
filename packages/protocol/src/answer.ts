/** An answer of the protocol: one JSON object. */
export type Answer = Readonly<Record<string, unknown>>;
