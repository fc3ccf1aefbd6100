import { InvalidArgumentError } from '@foothold/core';
import { escapedEnd, type Placeholder, placeholderAt } from './placeholder.ts';

/** A word of a command: texts, and placeholders that stay within it. */
export interface CommandWord {
  readonly parts: readonly (string | Placeholder)[];
  /** What of it a shell would read in another way: see `shellOnly`. */
  readonly hint?: string | undefined;
}

/**
 * The words of a command that runs without a shell, split as a POSIX shell splits them: at blanks outside of quotes. Within single
 * quotes everything is text; within double quotes, and outside of quotes, a backslash keeps a quote, a blank or a backslash.
 *
 * Throws InvalidArgumentError: a quote that does not close, and operators that only a shell knows (`|`, `&&`, `>`, `;`).
 */
export function commandWords(text: string, names: readonly string[]): readonly CommandWord[] {
  const words: CommandWord[] = [];
  let parts: (string | Placeholder)[] | undefined;
  let bare = '';
  let i = 0;
  const put = (part: string | Placeholder, isBare: boolean) => {
    parts ??= [];
    const last = parts.at(-1);
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
    // Quoted text and values are shown as a letter: only the shape of what is not quoted matters.
    bare += isBare && typeof part === 'string' ? part : '\u0001';
  };
  const endWord = () => {
    if (parts) words.push({ parts, hint: shellOnly(bare) });
    parts = undefined;
    bare = '';
  };
  const brace = (isBare: boolean) => {
    const escaped = escapedEnd(text, i);
    const found = escaped === undefined ? placeholderAt(text, i, names) : undefined;
    if (found) put(found.placeholder, isBare);
    else put(escaped === undefined ? '{' : text.slice(i + 1, escaped - 1), isBare);
    i = escaped ?? found?.end ?? i + 1;
  };
  const quoted = (quote: string) => {
    const open = i++;
    put('', false);
    while (i < text.length && text[i] !== quote) {
      if (text[i] === '{') brace(false);
      else {
        if (quote === '"' && text[i] === '\\' && '"\\$`'.includes(text[i + 1] ?? ' ')) i++;
        put(text[i]!, false);
        i++;
      }
    }
    if (i >= text.length)
      throw new InvalidArgumentError('--run', text.slice(open), `a command in which each ${quote} is closed`);
    i++;
  };
  while (i < text.length) {
    const c = text[i]!;
    if (/\s/.test(c)) {
      endWord();
      i++;
    } else if (c === '"' || c === "'") quoted(c);
    else if (c === '{') brace(true);
    else if (c === '\\' && /[\s"'\\$`{}|&;<>()*?~#]/.test(text[i + 1] ?? '')) {
      put(text[i + 1]!, false);
      i += 2;
    } else {
      put(c, true);
      i++;
    }
  }
  endWord();
  refuseOperators(words);
  return words;
}

/** What a word needs a shell for, by its text outside of quotes. */
function shellOnly(bare: string): string | undefined {
  if (/^(?:\||\|\||&&|&|;|\d*[<>].*|&>.*)$/.test(bare)) return `operator ${bare.replaceAll('\u0001', '…')}`;
  if (/^[\w./-]+;$/.test(bare)) return 'operator ;';
  if (bare.startsWith('~/') || bare === '~') return '~';
  const variable = /\$(?:\w+|\{)/.exec(bare)?.[0];
  if (variable) return variable;
  if (bare.includes('`') || bare.includes('$(')) return 'the output of a command';
  return /^[\w./-]*[*?][\w./-]*$/.test(bare) && /[A-Za-z/.]/.test(bare) ? bare : undefined;
}

function refuseOperators(words: readonly CommandWord[]): void {
  words.forEach(({ hint }, i) => {
    if (hint?.startsWith('operator ') && !(hint === 'operator ;' && i === words.length - 1))
      throw new InvalidArgumentError(
        '--run',
        hint.slice('operator '.length),
        'a single program with its arguments; add --shell for what a shell does, or quote it where it is text',
      );
  });
}
