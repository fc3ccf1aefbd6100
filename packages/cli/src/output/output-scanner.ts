import type { Figure, OutputRecord } from './figure.ts';
import { type NestedBrackets, nestedBrackets } from './nested-brackets.ts';
import {
  isBlank,
  nonFiniteWord,
  numberAt,
  startsNumber,
  tokenEndFrom,
  type Written,
  wholeNumber,
} from './number-at.ts';
import { isQualifier } from './qualifiers.ts';
import {
  clipped,
  closingQuote,
  isNameCharacter,
  nextVisible,
  startsWord,
  unquoted,
  wordAt,
} from './words.ts';
import { wrappedNumber } from './wrapped-number.ts';

/** A name that waits for its value, and what has stood after it so far. */
interface Pending {
  readonly text: string;
  readonly end: number;
  /** The word before it, only blanks between. */
  readonly before?: string | undefined;
  readonly isNumber?: boolean;
  readonly gap: 'none' | 'blank' | 'row' | 'sign';
}

interface Scan {
  readonly text: string;
  readonly phrase: string | undefined;
  readonly figures: Figure[];
  readonly brackets: NestedBrackets;
  i: number;
  name: Pending | undefined;
  tokens: number;
  numbers: number;
  latest: Written | undefined;
  /** Index after the latest number, and after the latest character that is no blank. */
  numberEnd: number;
  /** A blank, a bracket or a quote stands before the latest number. */
  standsFree: boolean;
  visibleEnd: number;
  /** Quotes before this index open nothing: what they would quote has been looked at. */
  quotesFrom: number;
  /** Quote characters that do not close any more. */
  readonly unclosed: Set<string>;
}

const longestName = 200;
const bars = '|│┃║';

/**
 * Reads one record in a single pass: time is linear in its length, whatever the text. docs/commands.md has the grammar.
 *
 * @param phrase a name of more than one word, such as `final loss`, to be known where it stands before a value
 */
export function scanned(text: string, phrase?: string): OutputRecord {
  const figures: Figure[] = [];
  const scan: Scan = {
    text,
    phrase: phrase?.toLowerCase(),
    figures,
    brackets: nestedBrackets(figures),
    i: nextVisible(text, 0),
    name: undefined,
    tokens: 0,
    numbers: 0,
    latest: undefined,
    numberEnd: 0,
    standsFree: true,
    visibleEnd: 0,
    quotesFrom: 0,
    unclosed: new Set(),
  };
  const opensObject = text[scan.i] === '{';
  let objectEnd = -1;
  while (scan.i < text.length) {
    step(scan);
    if (opensObject && objectEnd < 0 && scan.brackets.isEmpty()) objectEnd = scan.i;
  }
  const only = scan.numbers === 1 ? scan.latest : undefined;
  const ends =
    /^[\s.!"')\]*`]*$/.test(text.slice(scan.numberEnd, scan.numberEnd + 20)) &&
    scan.numberEnd + 20 > text.length;
  return {
    text,
    figures,
    isObject: objectEnd >= 0 && nextVisible(text, objectEnd) >= text.length,
    alone: scan.tokens === 1 ? only : undefined,
    last: scan.tokens > 1 && ends && scan.standsFree ? only : undefined,
  };
}

/** Reads what stands at `scan.i` and moves behind it. */
function step(scan: Scan): void {
  const { text, i, brackets } = scan;
  const c = text[i]!;
  const isMarkup = (c === '*' && !(isNameCharacter(text, i - 1) && startsNumber(text, i + 1))) || c === '`';
  if (isBlank(c) || isMarkup) blank(scan, c);
  else if (bars.includes(c)) bar(scan);
  else if (c === ':' || c === '=') sign(scan, c);
  else if (c === '"' || c === "'") quote(scan);
  else if (c === ',' || c === ';') {
    brackets.next();
    pass(scan, i + 1);
  } else if ('}])'.includes(c)) {
    brackets.close(c);
    pass(scan, i + 1);
  } else {
    scan.tokens++;
    if ('{[('.includes(c)) bracket(scan, c);
    else if (startsNumber(text, i)) {
      const { written, end } = numberAt(text, i, brackets.inList());
      number(scan, written, end);
    } else if (startsWord(text, i) || /^[+-](?:nan|inf)/i.test(text.slice(i, i + 4))) word(scan);
    else other(scan);
  }
}

/** Moves on; the name before has no value. */
function pass(scan: Scan, end: number, name?: Pending): void {
  scan.i = end;
  scan.visibleEnd = end;
  scan.name = name;
}

function blank(scan: Scan, c: string): void {
  const { name } = scan;
  if (c === '\n' && name?.gap !== 'sign') scan.name = undefined;
  else if (name?.gap === 'none') scan.name = { ...name, gap: 'blank' };
  scan.i++;
}

function bar(scan: Scan): void {
  const { name } = scan;
  const waits = name !== undefined && name.gap !== 'sign' && !name.isNumber;
  pass(scan, scan.i + 1, waits ? { ...name, gap: 'row' } : undefined);
}

function sign(scan: Scan, c: string): void {
  const { text, name, phrase, visibleEnd } = scan;
  let end = scan.i + 1;
  while (text[end] === '=' || text[end] === '>' || (text[end] === ':' && c === ':')) end++;
  const isPhrase = phrase !== undefined && visibleEnd > 0 && ')]'.includes(text[visibleEnd - 1]!);
  const pending = name ?? (isPhrase ? { text: '', end: visibleEnd } : undefined);
  pass(scan, end, pending && { ...pending, gap: 'sign' });
}

function bracket(scan: Scan, c: string): void {
  const { text, i, name, brackets } = scan;
  const holds = name?.gap === 'sign' ? name : undefined;
  if (holds && c === '(') emit(scan, { unreadable: clipped(text.slice(i, i + 30), 20) }, 'sign');
  brackets.open(c, holds && c !== '(' ? nameOf(scan, holds) : undefined);
  pass(scan, i + 1);
}

/** A quoted text is a name before a sign, a value after one, and an element of data; elsewhere its quotes are blanks. */
function quote(scan: Scan): void {
  const { text, i, name, brackets } = scan;
  const c = text[i]!;
  const opens = i >= scan.quotesFrom && !scan.unclosed.has(c) && !isNameCharacter(text, i - 1);
  const close = opens ? closingQuote(text, i) : -1;
  if (opens && close < 0) scan.unclosed.add(c);
  const isKey = close >= 0 && ':='.includes(text[nextVisible(text, close + 1)] ?? ' ');
  const isValue = name?.gap === 'sign';
  if (close < 0 || !(isKey || isValue || brackets.inData() || alone(text, i, close))) {
    if (close >= 0) scan.quotesFrom = close;
    blank(scan, ' ');
    return;
  }
  scan.tokens++;
  const content = unquoted(text, i, close);
  const value = wholeNumber(content) ?? nonFiniteWord(content.trim());
  if (isValue && !isKey) {
    emit(
      scan,
      value === undefined ? { unreadable: clipped(text.slice(i, close + 1)) } : { number: value },
      'text',
    );
    pass(scan, close + 1);
  } else if (value !== undefined && !isKey) number(scan, { number: value }, close + 1);
  else {
    if (!isKey) brackets.element(undefined);
    pass(
      scan,
      close + 1,
      content.length > longestName ? undefined : { text: content, end: close, gap: 'none' },
    );
  }
}

/** A record that is one quoted number. */
function alone(text: string, open: number, close: number): boolean {
  return (
    close - open < 40 && close === text.length - 1 && wholeNumber(text.slice(open + 1, close)) !== undefined
  );
}

function number(scan: Scan, written: Written, end: number): void {
  const { text, i, name, brackets } = scan;
  const token = text.slice(i, end);
  scan.numbers++;
  scan.latest = written;
  scan.numberEnd = end;
  scan.standsFree = i === 0 || isBlank(text[i - 1]!) || '([{"\'*`'.includes(text[i - 1]!);
  if (!awaits(name)) brackets.element(written);
  else if (name.gap === 'sign') emit(scan, written, 'sign');
  else if (!anotherFollows(text, end, name.gap)) emit(scan, written, 'blank');
  else emit(scan, { unreadable: `${clipped(token)} and more numbers` }, 'blank');
  // `3: 0.5` and `3d_loss: 0.5` have names too; `f(1: 0.5` has none.
  const isName = token.length <= longestName && wordAt(text, i).end >= end;
  const isNumber = !/[a-z]/i.test(token.slice(0, longestName));
  pass(scan, end, isName ? { text: token, end, isNumber, gap: 'none' } : undefined);
}

function word(scan: Scan): void {
  const { text, i, name, brackets } = scan;
  const { end, trimmed } = wordAt(text, i);
  const token = text.slice(i, trimmed);
  const mayBeValue = awaits(name) || scan.tokens === 1;
  const nonFinite = mayBeValue ? nonFiniteWord(token) : undefined;
  if (nonFinite !== undefined && text[end] !== '(') {
    number(scan, { number: nonFinite }, end);
    return;
  }
  if (mayBeValue && text[end] === '(') {
    const call = wrappedNumber(text, i, end);
    if ('number' in call.written || name?.gap === 'sign') {
      number(scan, call.written, call.end);
      scan.name = undefined;
      return;
    }
  }
  if (name?.gap === 'sign' && !':='.includes(text[nextVisible(text, end)] ?? ' '))
    emit(scan, { unreadable: clipped(token) }, 'text');
  if (name === undefined) brackets.element(undefined);
  const before = name?.gap === 'blank' ? name.text : undefined;
  pass(
    scan,
    end,
    token.length > longestName ? undefined : { text: token, end: trimmed, before, gap: 'none' },
  );
}

/** Something that begins neither a number nor a name, such as `~0.25` or `<Tensor …>`. */
function other(scan: Scan): void {
  const { text, i, name } = scan;
  const glued = name?.gap === 'sign' || startsNumber(text, i + 1);
  const end = glued ? tokenEndFrom(text, i) : i + 1;
  if (name?.gap === 'sign') emit(scan, { unreadable: clipped(text.slice(i, end)) }, 'sign');
  else if (awaits(name) && end > i + 1) emit(scan, { unreadable: clipped(text.slice(i, end)) }, 'blank');
  pass(scan, end);
}

function awaits(name: Pending | undefined): name is Pending {
  return name !== undefined && name.gap !== 'none' && (name.gap === 'sign' || !name.isNumber);
}

function emit(scan: Scan, written: Written, form: Figure['form']): void {
  const { name, brackets, figures } = scan;
  const own = name && nameOf(scan, name);
  const path = own ? brackets.pathOf(own) : undefined;
  if (path !== undefined) figures.push({ name: path, label: brackets.label(), written, form });
}

function nameOf({ text, phrase }: Scan, { text: own, end, before }: Pending): string {
  if (phrase !== undefined && end >= phrase.length) {
    const from = end - phrase.length;
    if (text.slice(from, end).toLowerCase() === phrase && !isNameCharacter(text, from - 1))
      return text.slice(from, end);
  }
  return before !== undefined && isQualifier(before) ? `${before} ${own}` : own;
}

/** Whether a second number stands in the same row, or after blanks: then neither is the figure's value for certain. */
function anotherFollows(text: string, end: number, gap: Pending['gap']): boolean {
  let k = end;
  while (k < text.length && (text[k] === ' ' || text[k] === '\t')) k++;
  if (gap === 'row') {
    if (!bars.includes(text[k] ?? ' ')) return false;
    do k++;
    while (k < text.length && (text[k] === ' ' || text[k] === '\t'));
  }
  return k > end && startsNumber(text, k);
}
