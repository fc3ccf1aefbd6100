/** The numbers that a text in prose states, in digits or in words. */
import { numberWordsIn } from './number-words.ts';

export interface ProseNumber {
  readonly index: number;
  /** As it stands in the text, with its percent sign. */
  readonly text: string;
  /** As written: 62 of `62 %`; NaN where it cannot be read, such as `3/4`, `½` or `10k`. */
  readonly value: number;
  /** What the last digit that is shown counts: 0.01 for 0.93, 1 for 12, 10 for 1.2e2. */
  readonly unit: number;
  readonly isPercent: boolean;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const power = `(?:(?:\\^|\\*\\*)[({]?(?<caret>[-−+]?\\d+)[)}]?|(?<raised>[⁻⁺]?[${superscripts}]+))`;
const number = new RegExp(
  `(?:10${power.replaceAll('?<caret>', '?<caret10>').replaceAll('?<raised>', '?<raised10>')}` +
    `|(?<whole>\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d*)(?:\\.(?<decimals>\\d+))?` +
    `(?:[eE](?<exponent>[-−+]?\\d+)(?!\\d)|\\s?[×x*·⋅]\\s?10${power})?)`,
  'yu',
);
const percent = /\s?%|[\s-]per\s?cent(?:age points?)?(?![\p{L}\p{N}])/uy;
/** What may stand at a number without a blank. */
const suffix = /(?:st|nd|rd|th|s|ms|x)(?![\p{L}\p{N}_])/uy;
/** Digits go on after a sign that no number has within: a fraction, a time, a date, a decimal comma. */
const goesOn =
  /(?:[.,:/'’]\d|[\p{L}\p{N}_‰]|[ \u00a0\u2009\u202f]\d{3}(?![\d.,]\d|\d)|[ \u00a0\u202f][kKM](?![\p{L}\p{N}_]))/uy;
/** A sign before a number, or the word for it. */
const minus = /(?<![\p{L}\p{N}_)\]%])(?:[-−–]|(?:minus|negative)\s)$/iu;
const word = /[\p{L}\p{N}_]/u;

/** Every number of the text, in order. */
export function proseNumbers(text: string): readonly ProseNumber[] {
  const found: ProseNumber[] = numberWordsIn(text).map((one) => ({
    ...one,
    isPercent: percentAfter(text, one) !== '',
  }));
  const digit = /\p{N}/gu;
  for (let match = digit.exec(text); match; match = digit.exec(text)) {
    const read = numberAt(text, match.index);
    found.push(read);
    digit.lastIndex = Math.max(read.index + read.text.length, match.index + match[0].length);
  }
  return found.sort((a, b) => a.index - b.index);
}

function numberAt(text: string, at: number): ProseNumber {
  const before = text[at - 1] ?? '';
  const start = before === '.' && !word.test(text[at - 2] ?? '') ? at - 1 : at;
  if (word.test(before)) return unreadable(text, at);
  number.lastIndex = start;
  const match = number.exec(text);
  if (!match || match[0] === '' || match[0] === '.') return unreadable(text, at);
  let end = start + match[0].length;
  const endsAt = (pattern: RegExp) => {
    pattern.lastIndex = end;
    return pattern.exec(text)?.[0].length ?? 0;
  };
  end += endsAt(suffix);
  if (endsAt(goesOn) > 0) return unreadable(text, at);
  const { value, unit } = readNumber(match.groups ?? {});
  const sign = minus.exec(text.slice(Math.max(0, start - 10), start))?.[0] ?? '';
  const isNegative = sign !== '';
  const length = endsAt(percent);
  const from = start - sign.length;
  return {
    ...{ index: from, text: text.slice(from, end + length), value: isNegative ? -value : value },
    ...{ unit, isPercent: length > 0 },
  };
}

type Groups = Readonly<Record<string, string | undefined>>;

function readNumber({ whole = '', decimals = '', exponent, caret, raised, caret10, raised10 }: Groups) {
  const alone = exponentOf(caret10, raised10);
  if (alone !== undefined) return { value: Number(`1e${alone}`), unit: Number(`1e${alone}`) };
  const scale = exponentOf(exponent ?? caret, raised) ?? 0;
  return {
    value: Number(`${whole.replaceAll(',', '')}.${decimals || '0'}e${scale}`),
    unit: Number(`1e${scale - decimals.length}`),
  };
}

function exponentOf(plain: string | undefined, raised: string | undefined): number | undefined {
  const text =
    plain ??
    raised
      ?.replaceAll(/[⁰¹²³⁴-⁹]/g, (sign) => String(superscripts.indexOf(sign)))
      .replaceAll('⁻', '-')
      .replaceAll('⁺', '+');
  return text === undefined ? undefined : Number(text.replace('−', '-'));
}

/** The whole run of letters, digits and signs between digits that the position is in. */
function unreadable(text: string, at: number): ProseNumber {
  let from = at;
  while (from > 0 && word.test(text[from - 1]!)) from--;
  const run = /[\p{L}\p{N}_]+(?:[.,:/'’]\d[\p{L}\p{N}_]*)*[‰]?/uy;
  run.lastIndex = from;
  const found = run.exec(text)?.[0] ?? text[at]!;
  return { index: from, text: found, value: Number.NaN, unit: 1, isPercent: false };
}

function percentAfter(
  text: string,
  { index, text: found }: { readonly index: number; readonly text: string },
) {
  percent.lastIndex = index + found.length;
  return percent.exec(text)?.[0] ?? '';
}
