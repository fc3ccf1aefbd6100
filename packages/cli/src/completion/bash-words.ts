/** Words of a line in bash. */
export interface BashWords {
  readonly words: readonly string[];
  /** What of the last word bash leaves as it is: it completes only what follows the last `=`, `:` or `@`. */
  readonly kept: string;
}

/**
 * The words that bash's COMP_WORDS stand for: there `--name=value` is three words, and quotes are as they were typed. The last
 * word may have a quote that is still open.
 */
export function bashWords(parts: readonly string[]): BashWords {
  const words: string[] = [];
  let kept = '';
  let isOpen = false;
  for (const part of parts) {
    const isBreak = /^[=:@]+$/.test(part);
    const before = isOpen || (isBreak && words.length > 0) ? (words.pop() ?? '') : '';
    words.push(before + unquoted(part));
    kept = isBreak ? before + part : before;
    isOpen = isBreak;
  }
  return { words, kept };
}

/** Without quotes and backslashes: in double quotes a backslash stands for itself except before `"`, `$`, a back quote and itself. */
function unquoted(word: string): string {
  const pieces = word.matchAll(/'([^']*)(?:'|$)|"((?:[^"\\]|\\.)*)(?:"|$)|\\(.)|([^'"\\]+)/gsu);
  return [...pieces]
    .map(
      ([, single, double, escaped, plain]) =>
        single ?? escaped ?? plain ?? double!.replaceAll(/\\(["$`\\])/g, '$1'),
    )
    .join('');
}
