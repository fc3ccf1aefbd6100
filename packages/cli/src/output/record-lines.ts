import { visibleLines } from './visible-lines.ts';
import { closingQuote, isNameCharacter, nextVisible } from './words.ts';

/** Characters of one line, and of an object over several lines. */
const longestLine = 16 << 20;
const longestBlock = 1 << 20;

export interface RecordLines {
  /** The next piece of output, cut anywhere. */
  add(text: string): void;
  /** The output is over. */
  end(): void;
  /** Lines that were too long to be kept. */
  readonly skipped: number;
}

/**
 * Cuts an output into records while it comes: each line is one, and an object that is written over several lines is one. A line
 * ends at a line feed or a carriage return. An object that never ends is read as the lines that it has.
 */
export function recordLines(onRecord: (text: string) => void): RecordLines {
  let partial: string[] = [];
  let length = 0;
  let skipped = 0;
  let block: string[] = [];
  let size = 0;
  let depth = 0;
  const giveUp = () => {
    const lines = block;
    block = [];
    size = 0;
    depth = 0;
    for (const line of lines) onRecord(line);
  };
  const onVisible = (line: string) => {
    if (nextVisible(line, 0) === line.length) return;
    const opened = openedBy(line);
    if (block.length === 0 && (opened.balance <= 0 || !opened.goesOn)) {
      onRecord(line);
      return;
    }
    if (block.length === 0) depth = 0;
    block.push(line);
    size += line.length;
    depth += opened.balance;
    if (depth <= 0) {
      const text = block.join('\n');
      block = [];
      size = 0;
      onRecord(text);
    } else if (size > longestBlock) giveUp();
  };
  const endLine = () => {
    if (length > longestLine) skipped++;
    else for (const line of visibleLines(partial.join(''))) onVisible(line);
    partial = [];
    length = 0;
  };
  return {
    add: (text) => {
      let from = 0;
      for (let i = lineEnd(text, 0); ; i = lineEnd(text, from)) {
        length += i - from;
        if (length > longestLine) partial = [];
        else if (i > from) partial.push(text.slice(from, i));
        if (i === text.length) return;
        endLine();
        from = i + 1;
      }
    },
    end: () => {
      endLine();
      giveUp();
    },
    get skipped() {
      return skipped;
    },
  };
}

/** Where the line that holds position `from` ends: at a line feed, a carriage return or the end of the text. */
function lineEnd(text: string, from: number): number {
  let i = from;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13) break;
  }
  return i;
}

/** How many more brackets a line opens than it closes, quoted text passed over, and whether the next line may belong to it. */
function openedBy(line: string): { readonly balance: number; readonly goesOn: boolean } {
  let balance = 0;
  const unclosed = new Set<string>();
  let last = '';
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (c === '{' || c === '[') balance++;
    else if (c === '}' || c === ']') balance--;
    else if ((c === '"' || c === "'") && !unclosed.has(c) && !isNameCharacter(line, i - 1)) {
      const close = closingQuote(line, i);
      if (close < 0) unclosed.add(c);
      else i = close;
    }
    if (c > ' ') last = c;
  }
  const first = line[nextVisible(line, 0)] ?? ' ';
  return { balance, goesOn: last === '{' || last === '[' || (last === ',' && '{['.includes(first)) };
}
