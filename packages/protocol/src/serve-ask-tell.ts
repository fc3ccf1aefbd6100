import { type AskTellOptions, askTellSession } from './session.ts';

/** What is needed of a `Readable` of Node: its chunks, as text once the encoding is set. */
export interface TextInput extends AsyncIterable<unknown> {
  setEncoding(encoding: 'utf8'): unknown;
}

/** What is needed of a `Writable` of Node. */
export interface TextOutput {
  /** False where the next text has to wait for `drain`. */
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

/**
 * Answers every line of `input` with exactly one line on `output`, in order, until the input ends; blank lines are passed
 * over. A line ends at a line feed and nowhere else: JSON may hold other separators. Nothing else is written to `output`.
 * Rejects with what the streams throw; requests that are wrong are answered.
 */
export async function serveAskTell(
  input: TextInput,
  output: TextOutput,
  options: AskTellOptions,
): Promise<void> {
  const session = askTellSession(options);
  try {
    for await (const line of linesOf(input)) {
      if (line.trim() === '') continue;
      const answer = `${JSON.stringify(await session.answer(line))}\n`;
      if (!output.write(answer)) await new Promise<void>((resolve) => output.once('drain', resolve));
      session.prepare();
    }
  } finally {
    session.end();
  }
}

async function* linesOf(input: TextInput): AsyncGenerator<string> {
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
