import { printable } from './safe-text.ts';

/** What went wrong, and the index of the last line that says so. */
interface Headline {
  readonly text: string;
  readonly end: number;
}

/** Longest line that is kept, in UTF-16 code units. */
const maxLine = 300;
/** Lines of a message that are kept. */
const maxLines = 3;

const nodeError =
  /^(?:\[cause\]: |Uncaught )?((?:[A-Za-z_$][\w$.]*)?(?:Error|Exception|Rejection|Abort)\b(?: \[\w+\])?(?::.*)?)$/;
const frame = /^\s+at\s|^\s+\.\.\. \d+ more/;

/** Where each kind of program says what went wrong: the last such line, or nothing. */
const languages: readonly ((lines: readonly string[]) => Headline | undefined)[] = [
  // Python: the first line that is not indented after the frames of the last traceback.
  (lines) => {
    const start = lines.findLastIndex((line) => /^Traceback \(most recent call last\):/.test(line));
    if (start < 0) return undefined;
    const at = lines.findIndex((line, i) => i > start && /^\S/.test(line));
    return at < 0 ? undefined : message(lines, at, () => false);
  },
  // Python: a syntax error has no traceback; groups of exceptions are drawn with bars.
  (lines) => at(lines, (line) => /^(?:SyntaxError|IndentationError|TabError): /.test(line)),
  (lines) => {
    const start = lines.findLastIndex((line) => /^\s*\+ Exception Group Traceback/.test(line));
    const index = lines.findIndex(
      (line, i) => i > start && /^\s*\| \w*(?:Group|Error|Exception)\b.*:/.test(line),
    );
    return start < 0 || index < 0
      ? undefined
      : { text: lines[index]!.replace(/^\s*\| /, ''), end: lines.length };
  },
  // Node: the error before its frames, with the message's further lines, and the innermost cause.
  (lines) => {
    const head = lines.findLastIndex(
      (line, i) =>
        nodeError.test(line) && lines.slice(i + 1, i + 1 + maxLines).some((next) => frame.test(next)),
    );
    if (head < 0) return undefined;
    const { text, end } = message(lines, head, (line) => frame.test(line));
    const cause = lines.findLast((line, i) => i > head && /^\s*\[cause\]: /.test(line));
    const last = lines.findLastIndex((line) => /^Node\.js v\d/.test(line));
    return {
      text: cause ? `${text} | cause: ${cause.replace(/^\s*\[cause\]: /, '')}` : text,
      end: Math.max(end, last),
    };
  },
  // Java, Kotlin, Scala: the exception, and the last of its causes, which is the first that happened.
  (lines) => {
    const head = lines.findLastIndex((line) => /^Exception in thread "/.test(line));
    if (head < 0) return undefined;
    const cause = lines.findLastIndex((line, i) => i > head && /^Caused by: /.test(line));
    const text = lines[head]!;
    return { text: cause < 0 ? text : `${text} | ${lines[cause]!}`, end: Math.max(head, cause) };
  },
  // Rust: the message follows the source location since 1.73, and stood before it until then.
  (lines) => {
    const head = lines.findLastIndex((line) => /^thread '.*' (?:\(\d+\) )?panicked at /.test(line));
    if (head < 0) return undefined;
    const location = lines[head]!.replace(/^thread .*? panicked at /, 'panicked at ');
    if (!location.endsWith(':')) return { text: location, end: head };
    const { text, end } = message(lines, head + 1, (line) => /^(?:stack backtrace:|note: )/.test(line));
    return { text: `${text} | ${location.slice(0, -1)}`, end };
  },
  (lines) => at(lines, (line) => /^Error: ./.test(line)),
  // Go: the panic before the goroutines; the newest of several panics in a row is the last.
  (lines) => {
    const goroutine = lines.findIndex((line) => /^goroutine \d+ /.test(line));
    const head = lines.findLastIndex(
      (line, i) => (goroutine < 0 || i < goroutine) && /^\s*(?:panic|fatal error): /.test(line),
    );
    if (head < 0) return undefined;
    return { text: lines[head]!.trim(), end: lines.length };
  },
];

/** Lines that say where, and never what. */
const noise =
  /^\s+at\s|^\s+\.\.\. \d+ more|^Node\.js v\d|^[\s^~{}()[\],|+-]*$|^stack backtrace:|^note: |^\s+\d+: |^goroutine \d+ |^exit status \d+$|^\s+File "|^\s+code: '/;

/**
 * What went wrong, from a failed program's standard error: the line in which its language says so (Python, Node, Java, Rust,
 * Go), and after it the last line where the program wrote more; without such a line the last three that are not of a stack
 * trace, the last one first. Empty for an empty text. One line, without control characters.
 */
export function failureReason(stderr: string): string {
  const lines = stderr
    .split('\n')
    // A progress bar overwrites its line: what was there last counts.
    .map((line) => line.replace(/\r+$/, '').split('\r').at(-1)!)
    .map((line) => clean(line));
  let found: Headline | undefined;
  for (const language of languages) {
    const headline = language(lines);
    if (headline && (!found || headline.end > found.end)) found = headline;
  }
  const told = lines.flatMap((line, i) => (noise.test(line) ? [] : [{ line: line.trim(), i }]));
  if (!found)
    return told
      .slice(-3)
      .reverse()
      .map(({ line }) => clip(line))
      .join(' | ');
  const { text, end } = found;
  const after = told.findLast(({ i }) => i > end && /^\S/.test(lines[i]!));
  return after ? `${text} | ${clip(after.line)}` : text;
}

function at(lines: readonly string[], is: (line: string) => boolean): Headline | undefined {
  const index = lines.findLastIndex(is);
  return index < 0 ? undefined : { text: clip(lines[index]!), end: index };
}

/** The line and those after it that belong to its message, up to `ends` or an empty line. */
function message(lines: readonly string[], start: number, ends: (line: string) => boolean): Headline {
  let end = start;
  while (
    end + 1 < Math.min(lines.length, start + maxLines) &&
    lines[end + 1] !== '' &&
    !ends(lines[end + 1]!)
  )
    end++;
  const text = lines
    .slice(start, end + 1)
    .map((line) => clip(line.trim()))
    .join(' | ');
  return { text, end };
}

function clean(line: string): string {
  const indent = /^[ \t]*/.exec(line)![0].length > 0 ? '    ' : '';
  const text = printable(line).trim();
  return text === '' ? '' : `${indent}${text}`;
}

function clip(text: string): string {
  // A pair of surrogates is not cut in two.
  return text.length > maxLine ? `${text.slice(0, maxLine - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
}
