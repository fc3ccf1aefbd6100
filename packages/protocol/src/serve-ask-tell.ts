import type { Readable, Writable } from 'node:stream';
import { type AskTellOptions, askTellSession } from './session.ts';

/**
 * Answers every line of `input` with exactly one line on `output`, in order, until the input ends; blank lines are passed
 * over. A line ends at a line feed and nowhere else: JSON may hold other separators. Nothing else is written to `output`.
 * Rejects with what the streams throw; requests that are wrong are answered.
 */
export async function serveAskTell(
  input: Readable,
  output: Writable,
  options: AskTellOptions,
): Promise<void> {
  const session = askTellSession(options);
  try {
    for await (const line of linesOf(input)) {
      if (line.trim() === '') continue;
      const answer = `${JSON.stringify(await session.answer(line))}\n`;
      if (!output.write(answer)) await new Promise((resolve) => output.once('drain', resolve));
    }
  } finally {
    session.end();
  }
}

async function* linesOf(input: Readable): AsyncGenerator<string> {
  input.setEncoding('utf8');
  let pieces: string[] = [];
  let isStart = true;
  for await (const chunk of input as AsyncIterable<string>) {
    // Some programs begin their output with a byte order mark.
    const [first = '', ...rest] = (isStart ? chunk.replace(/^\ufeff/, '') : chunk).split('\n');
    isStart = false;
    pieces.push(first);
    for (const next of rest) {
      yield pieces.join('');
      pieces = [next];
    }
  }
  yield pieces.join('');
}
