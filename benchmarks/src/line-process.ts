/** A program that answers each line of JSON with one. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface LineProcess {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  /** The next line that the program prints. Throws where it could not be started, and where it has ended. */
  read<Answer>(): Promise<Answer>;
  /** Sends a line and reads one; throws as `read`. */
  ask<Answer>(question: object): Promise<Answer>;
  /** Ends its input; resolves when the program has ended. */
  end(): Promise<void>;
}

/** Starts it; `env` is added to the environment. */
export function lineProcess(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): LineProcess {
  const child = spawn(program, words, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const called = `${program} ${words[0] ?? ''}`;
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const failed = new Promise<Error>((resolve) => child.once('error', resolve));
  child.stdin.on('error', () => undefined); // a program that has ended is told by what it does not answer
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async () => {
    if (child.pid === undefined) throw new Error(`${called} could not be started`, { cause: await failed });
    const { value, done } = await lines.next();
    if (done) throw new Error(`${called} has ended`);
    return JSON.parse(value);
  };
  return {
    pid: child.pid,
    read,
    ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return read();
    },
    async end() {
      child.stdin.end();
      await Promise.race([closed, failed]);
    },
  };
}
