import { printable, withoutSecrets } from '../safe-text.ts';

/** Characters of one line that are kept: a line of a log is shorter, and a whole array in one line tells nobody anything. */
const maxLine = 1000;
/** Characters of all lines that are kept, the last ones: as long as 200 lines of 80 characters. */
const maxAll = 16_384;

/** Collects what a program prints, in the order in which it comes. */
export interface LastLines {
  add(text: string, stream: 'stdout' | 'stderr'): void;
  /** The last lines: one line of text each, without control characters and secrets, cut where they are long. */
  lines(): readonly string[];
}

/** The last `count` lines of a program's standard output and error, at most 16,384 characters of them. */
export function lastLines(count: number): LastLines {
  const kept: string[] = [];
  /** What has no line end yet. */
  const open = { stdout: '', stderr: '' };
  const push = (line: string) => {
    if (kept.push(line) > 2 * count) kept.splice(0, kept.length - count);
  };
  return {
    add(text, stream) {
      const parts = (open[stream] + text).split('\n');
      // A line without an end may be as long as a file: what is needed of it stays.
      open[stream] = parts.pop()!.slice(-4 * maxLine);
      for (const part of parts.slice(-count)) push(part);
    },
    lines() {
      const all = [...kept, ...[open.stdout, open.stderr].filter((line) => line !== '')].slice(-count);
      const shown = withoutSecrets(all.map(lastDrawn).join('\n')).split('\n').map(shortened);
      let characters = 0;
      const from = shown.findLastIndex((line) => {
        characters += line.length;
        return characters > maxAll;
      });
      return shown.slice(from + 1);
    },
  };
}

/** What a terminal shows at the end of a line that was drawn again and again, such as a progress bar. */
function lastDrawn(line: string): string {
  return line.replace(/\r+$/, '').split('\r').at(-1)!;
}

function shortened(line: string): string {
  const text = printable(line);
  return text.length > maxLine ? `${text.slice(0, maxLine - 1)}…` : text;
}
