import type { Screen } from './demo.ts';

interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** A screen on a stream: live where it is a terminal, lines only elsewhere; colours unless NO_COLOR is set. */
export function screenOn(output: Output, env: Readonly<Record<string, string | undefined>>): Screen {
  const tty = output.isTTY === true;
  let drawn = 0;
  const clear = () => {
    if (drawn > 0) output.write(`\u001b[${drawn}A\r\u001b[0J`);
    drawn = 0;
  };
  return {
    width: Math.min(output.columns ?? 80, 100),
    color: tty && !env['NO_COLOR'],
    live: (text) => {
      if (!tty) return;
      clear();
      output.write(`${text}\n`);
      drawn = text.split('\n').length;
    },
    line: (text) => {
      clear();
      output.write(`${text}\n`);
    },
  };
}
