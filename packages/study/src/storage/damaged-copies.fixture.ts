import type { Rng } from '@foothold/core';

interface Damage {
  readonly name: string;
  /** A copy of the log's bytes with one damage, drawn from `rng`. */
  make(log: Buffer, rng: Rng): Buffer;
}

const below = (rng: Rng, count: number) => Math.floor(rng.next() * count);
const linesOf = (log: Buffer) => log.toString('latin1').trimEnd().split('\n');
const joined = (lines: readonly string[]) => Buffer.from(`${lines.join('\n')}\n`, 'latin1');

/** Changes the lines of a copy. */
const onLines =
  (change: (lines: string[], rng: Rng) => void): Damage['make'] =>
  (log, rng) => {
    const lines = linesOf(log);
    change(lines, rng);
    return joined(lines);
  };

/** Changes one line of a copy. */
const onLine = (change: (line: string, rng: Rng) => string): Damage['make'] =>
  onLines((lines, rng) => {
    const at = below(rng, lines.length);
    lines[at] = change(lines[at]!, rng);
  });

/** A block of a copy, of 1 to 300 bytes, half of them near its end. */
const onBlock =
  (change: (block: Buffer, rng: Rng) => Buffer): Damage['make'] =>
  (log, rng) => {
    const size = 1 + below(rng, 300);
    const start = rng.next() < 0.5 ? below(rng, log.length - size) : log.length - size - below(rng, 400);
    const [head, block, rest] = [
      log.subarray(0, start),
      log.subarray(start, start + size),
      log.subarray(start + size),
    ];
    return Buffer.concat([head, change(Buffer.from(block), rng), rest]);
  };

/** Kinds of damage that disks, editors, programs and people do to a text file of lines. */
export const damages: readonly Damage[] = [
  { name: 'a cut end', make: (log, rng) => log.subarray(0, below(rng, log.length)) },
  {
    name: 'a cut end with blocks of NUL bytes behind it',
    make: (log, rng) =>
      Buffer.concat([log.subarray(0, below(rng, log.length)), Buffer.alloc(1 + below(rng, 5000))]),
  },
  { name: 'a cut beginning', make: (log, rng) => log.subarray(1 + below(rng, log.length - 1)) },
  { name: 'a lost block', make: onBlock(() => Buffer.alloc(0)) },
  { name: 'a block of NUL bytes', make: onBlock((block) => Buffer.alloc(block.length)) },
  { name: 'a block of noise', make: onBlock((block, rng) => block.map(() => below(rng, 256)) as Buffer) },
  { name: 'a block that is there twice', make: onBlock((block) => Buffer.concat([block, block])) },
  {
    name: 'a flipped bit',
    make: (log, rng) => {
      const copy = Buffer.from(log);
      copy[below(rng, copy.length)]! ^= 1 << below(rng, 8);
      return copy;
    },
  },
  {
    name: 'a changed digit',
    make: onLine((line, rng) => {
      const digits = [...line.matchAll(/\d/g)];
      const { index, 0: digit } = digits[below(rng, digits.length)]!;
      return `${line.slice(0, index)}${(Number(digit) + 1 + below(rng, 9)) % 10}${line.slice(index + 1)}`;
    }),
  },
  {
    name: 'a repeated line',
    make: onLines((lines, rng) => {
      const line = lines[below(rng, lines.length)]!;
      lines.splice(below(rng, lines.length + 1), 0, line);
    }),
  },
  {
    name: 'two swapped lines',
    make: onLines((lines, rng) => {
      const at = below(rng, lines.length - 1);
      lines.splice(at, 2, lines[at + 1]!, lines[at]!);
    }),
  },
  { name: 'a lost line', make: onLines((lines, rng) => lines.splice(below(rng, lines.length - 1), 1)) },
  { name: 'a cut line', make: onLine((line, rng) => line.slice(0, 1 + below(rng, line.length - 1))) },
  {
    name: 'a line cut at its front',
    make: onLine((line, rng) => line.slice(1 + below(rng, line.length - 1))),
  },
  { name: 'a line written again by a program', make: onLine((line) => line.replaceAll(':', ': ')) },
  {
    name: 'a line on several lines',
    make: onLine((line) => JSON.stringify(JSON.parse(line), undefined, 1)),
  },
  {
    name: 'a number written in another way',
    make: onLine((line) => line.replace(/"value":[^,}]+|"at":\d+/, (found) => `${found}.0`)),
  },
  { name: 'a line in UTF-16', make: onLine((line) => Buffer.from(line, 'utf16le').toString('latin1')) },
  { name: 'a line in capitals', make: onLine((line) => line.toUpperCase()) },
  {
    name: 'a deeply nested line',
    make: onLine((line, rng) => {
      const levels = 10 ** (1 + below(rng, 5));
      return line.replace('"events":[', `"events":[${'['.repeat(levels)}${']'.repeat(levels)},`);
    }),
  },
  {
    name: 'a line of another program',
    make: onLines((lines, rng) => {
      lines.splice(below(rng, lines.length + 1), 0, '{"op_code":4,"study_id":0}');
    }),
  },
];
