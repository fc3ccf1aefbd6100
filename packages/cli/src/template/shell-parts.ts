import { escapedEnd, type Placeholder, placeholderAt } from './placeholder.ts';

/** A part of a shell's line that is replaced: by a value, or (an escape) by a text. */
export interface ShellPart {
  readonly placeholder?: Placeholder;
  readonly literal?: string;
  /** How the shell reads the text around it. `verbatim`: in back quotes, arithmetic, here-documents, `${…}` and `$'…'`. */
  readonly context: 'plain' | 'double' | 'single' | 'verbatim';
  readonly start: number;
  readonly end: number;
  /** The whole word and the flag before it, which go where there is no value. */
  readonly cut?: { readonly start: number; readonly end: number } | undefined;
}

type Mode = 'plain' | 'command' | 'double' | 'back' | 'parameter' | 'arithmetic';
const verbatim: readonly Mode[] = ['back', 'parameter', 'arithmetic'];

interface Scan {
  readonly text: string;
  readonly names: readonly string[];
  readonly parts: ShellPart[];
  /** Innermost last; `depth` counts open parentheses or braces in it. */
  readonly modes: { readonly mode: Mode; depth: number }[];
  /** Ends of here-documents that begin after this line. */
  documents: string[];
  i: number;
}

/** The placeholders of a shell's line with the context of each, in one pass over its quotes. */
export function shellParts(text: string, names: readonly string[]): readonly ShellPart[] {
  const scan: Scan = { text, names, parts: [], modes: [{ mode: 'plain', depth: 0 }], documents: [], i: 0 };
  while (scan.i < text.length) step(scan);
  return scan.parts;
}

function step(scan: Scan): void {
  const { text, i, modes } = scan;
  const { mode } = modes.at(-1)!;
  const c = text[i]!;
  const isBare = mode === 'plain' || mode === 'command' || mode === 'back';
  if (c === '\\') scan.i += 2;
  else if (c === "'" && isBare) single(scan, text[i - 1] === '$' ? 'verbatim' : 'single');
  else if (c === '"') toggle(scan, 'double', mode);
  else if (c === '`') toggle(scan, 'back', mode);
  else if (text.startsWith('$((', i)) enter(scan, 'arithmetic', 3);
  else if (text.startsWith('$(', i)) enter(scan, 'command', 2);
  else if (text.startsWith('${', i)) enter(scan, 'parameter', 2);
  else if (c === '#' && isBare && /^$|[\s;|&(]/.test(text[i - 1] ?? '')) skipComment(scan);
  else if (isBare && text.startsWith('<<', i)) hereDocument(scan);
  else if (c === '\n' && scan.documents.length > 0) documentLines(scan);
  else if (c === '{') brace(scan, contextOf(scan));
  else {
    leaveAt(scan, c);
    scan.i++;
  }
}

function contextOf({ modes }: Scan): ShellPart['context'] {
  if (modes.some(({ mode }) => verbatim.includes(mode))) return 'verbatim';
  return modes.at(-1)!.mode === 'double' ? 'double' : 'plain';
}

function enter(scan: Scan, mode: Mode, length: number): void {
  scan.modes.push({ mode, depth: 0 });
  scan.i += length;
}

function toggle(scan: Scan, quote: Mode, mode: Mode): void {
  if (mode === quote) scan.modes.pop();
  else scan.modes.push({ mode: quote, depth: 0 });
  scan.i++;
}

/** Counts brackets, and leaves `$(…)`, `$((…))` and `${…}` at their ends. */
function leaveAt({ modes }: Scan, c: string): void {
  const innermost = modes.at(-1)!;
  const { mode } = innermost;
  const [open, close] = mode === 'parameter' ? ['{', '}'] : ['(', ')'];
  if (mode === 'plain' || mode === 'double' || mode === 'back') return;
  if (c === open) innermost.depth++;
  else if (c === close && innermost.depth-- === (mode === 'arithmetic' ? -1 : 0)) modes.pop();
}

function single(scan: Scan, inside: ShellPart['context']): void {
  const { text } = scan;
  const context = contextOf(scan) === 'verbatim' ? 'verbatim' : inside;
  scan.i++;
  while (scan.i < text.length && text[scan.i] !== "'")
    if (text[scan.i] === '{') brace(scan, context);
    else scan.i += inside === 'verbatim' && text[scan.i] === '\\' ? 2 : 1;
  scan.i++;
}

function skipComment(scan: Scan): void {
  while (scan.i < scan.text.length && scan.text[scan.i] !== '\n') scan.i++;
}

function hereDocument(scan: Scan): void {
  const { text, i } = scan;
  if (text[i + 2] === '<') {
    scan.i += 3;
    return;
  }
  const end = /^<<-?[ \t]*(["'\\]?)([\w.-]+)\1?/.exec(text.slice(i, i + 100));
  if (end) scan.documents.push(end[2]!);
  scan.i += end?.[0].length ?? 2;
}

/** Reads the here-documents that begin after this line break. */
function documentLines(scan: Scan): void {
  const { text, documents } = scan;
  scan.i++;
  for (const end of documents) {
    while (scan.i < text.length) {
      const feed = text.indexOf('\n', scan.i);
      const lineEnd = feed < 0 ? text.length : feed;
      if (text.slice(scan.i, lineEnd).trim() === end) {
        scan.i = lineEnd;
        break;
      }
      while (scan.i < lineEnd)
        if (text[scan.i] === '{') brace(scan, 'verbatim');
        else scan.i++;
      scan.i++;
    }
  }
  scan.documents = [];
}

function brace(scan: Scan, context: ShellPart['context']): void {
  const { text, i: start, names, parts } = scan;
  const escaped = escapedEnd(text, start);
  const found = escaped === undefined ? placeholderAt(text, start, names) : undefined;
  if (escaped !== undefined)
    parts.push({ literal: text.slice(start + 1, escaped - 1), context, start, end: escaped });
  else if (found) {
    const { placeholder, end } = found;
    parts.push({
      placeholder,
      context,
      start,
      end,
      cut: context === 'plain' ? cutOf(text, start, end) : undefined,
    });
  } else leaveAt(scan, '{');
  scan.i = escaped ?? found?.end ?? start + 1;
}

/** The word around a placeholder where nothing else of the shell's is in it, with the `--flag` before a word that is none. */
function cutOf(text: string, start: number, end: number): ShellPart['cut'] {
  const before = /(?:^|\s)([^\s;|&()<>"'`$\\{}]*)$/.exec(text.slice(0, start));
  const after = /^[^\s;|&()<>"'`$\\{}]*(?=[\s;|&)]|$)/.exec(text.slice(end));
  if (!before || !after || /\s$/.test(text.slice(0, start)) !== (before[1] === '')) return undefined;
  // An assignment stays, with nothing on its right.
  if (/^[A-Za-z_]\w*=$/.test(before[1]!)) return undefined;
  const wordStart = start - before[1]!.length;
  const flag = before[1]!.startsWith('-') ? null : /\s(--?[A-Za-z][\w-]*\s+)$/.exec(text.slice(0, wordStart));
  return { start: wordStart - (flag ? flag[1]!.length : 0), end: end + after[0].length };
}
