import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { askTellSession } from './session.ts';

/**
 * Answers every line of `input` with exactly one line on `output`, in order, until the input ends; blank lines are passed
 * over. Nothing else is written to `output`.
 */
export async function serveAskTell(
  input: Readable,
  output: Writable,
  { now }: { readonly now: () => number },
): Promise<void> {
  const session = askTellSession({ now });
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    const answer = `${JSON.stringify(await session.answer(line))}\n`;
    if (!output.write(answer)) await new Promise((resolve) => output.once('drain', resolve));
  }
}
