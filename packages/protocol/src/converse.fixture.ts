import { PassThrough } from 'node:stream';
import { serveAskTell } from './serve-ask-tell.ts';
import type { AskTellOptions } from './session.ts';

/** A conversation of the line protocol that goes on: sends a request, gives its answer. `end` resolves when it is over. */
export function conversation({ turn }: Pick<AskTellOptions, 'turn'> = {}): {
  call(request: object): Promise<Readonly<Record<string, unknown>>>;
  end(): Promise<void>;
} {
  const input = new PassThrough();
  const output = new PassThrough();
  const waiting: ((line: string) => void)[] = [];
  let rest = '';
  output.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) waiting.shift()!(line);
  });
  const served = serveAskTell(input, output, { now: () => 0, clock: () => Date.now(), turn });
  served.catch(() => undefined);
  return {
    call(request) {
      const answer = new Promise<string>((resolve) => waiting.push(resolve));
      input.write(`${JSON.stringify(request)}\n`);
      return answer.then((line) => JSON.parse(line));
    },
    end: () => {
      input.end();
      return served;
    },
  };
}
