/** Compares every number of a text with figures that were computed. */
import { type ProseNumber, proseNumbers } from './prose-numbers.ts';
import type { ReportFigure } from './report-figure.ts';

/** A number of a text that no figure allows. */
export interface WrongNumber {
  readonly index: number;
  readonly text: string;
  /** Why, in words that a model or a person can act on. */
  readonly reason: string;
}

export interface NumberCheckOptions {
  readonly figures: readonly ReportFigure[];
  /** Names and texts that may have digits (`conv2d`, a date, a choice): where they stand as they are, their digits are no numbers. */
  readonly texts?: readonly string[] | undefined;
}

/**
 * The numbers of an English text that are wrong, in order; empty for a text that may be shown.
 *
 * A number is right where a figure, rounded to the digits that the text shows, equals it: half of the last digit may be missing either
 * way, and a rounding keeps a digit that is not 0. A share may stand as a percentage, as may a quantity above 1 whose unit is per cent;
 * a count stands as it is. Signs count. Words for numbers are numbers, `first` and `second` and marks of a list that counts from 1 are
 * not. In a sentence that names parameters a figure of another parameter is wrong, and after `lr =` only a figure of `lr` is right.
 *
 * It cannot tell which of several figures without a parameter was meant: 12 for 10 trials passes where another count is 12.
 */
export function wrongNumbers(
  text: string,
  { figures, texts = [] }: NumberCheckOptions,
): readonly WrongNumber[] {
  const subjects = [...new Set(figures.flatMap(({ about = [] }) => about))];
  const plain = withoutListMarks(withoutTexts(text, [...texts, ...subjects]));
  const sentences = sentencesOf(text, subjects);
  return proseNumbers(plain).flatMap((found) => {
    const { index } = found;
    const shown = text.slice(index, index + found.text.length);
    const wrong = (reason: string): readonly WrongNumber[] => [{ index, text: shown, reason }];
    if (Number.isNaN(found.value)) return wrong('it cannot be read as a number, and is no known name');
    const equal = figures.filter((figure) => isRounded(found, figure));
    if (equal.length === 0) return wrong('no figure has this value');
    const assigned = assignedTo(text.slice(0, index), subjects);
    const named = assigned === undefined ? namedAt(sentences, index) : new Set([assigned]);
    const isOfNamed = ({ about = [] }: ReportFigure) =>
      about.length === 0 ? assigned === undefined : named.size === 0 || about.some((one) => named.has(one));
    if (equal.some(isOfNamed)) return [];
    return wrong(
      `it is the figure ${equal.map(({ name }) => `"${name}"`).join(' or ')}, of which the sentence does not speak`,
    );
  });
}

/** Of a rounding that lies in the middle both ends are right; the rest is what floating point loses. */
const half = 0.5 + 1e-9;

function isRounded(found: ProseNumber, { value: figure, kind }: ReportFigure): boolean {
  const equals = (value: number, unit: number) =>
    Math.abs(value - figure) <= half * unit + 4 * Number.EPSILON * Math.abs(figure);
  const { value, unit, isPercent } = found;
  if (kind === 'count') return !isPercent && value === figure;
  if (isPercent)
    return kind === 'share' ? equals(value / 100, unit / 100) : Math.abs(figure) > 1 && equals(value, unit);
  return equals(value, unit) && (figure === 0 || unit <= Math.abs(figure) * (1 + 1e-9));
}

/** Stands for what is no number; a letter, so that digits beside it belong to a name that is not known. */
const filler = 'n';

function withoutTexts(text: string, texts: readonly string[]): string {
  const withDigits = texts.filter((one) => /\p{N}/u.test(one) && !isNumber(one));
  const patterns = withDigits
    .sort((a, b) => b.length - a.length)
    .map((one) => one.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return patterns.reduce(
    (rest, pattern) =>
      rest.replaceAll(
        new RegExp(String.raw`(?<![\p{L}\p{N}_]|\d[.,])${pattern}(?![\p{L}\p{N}_]|[.,]\d)`, 'gu'),
        (found) => filler.repeat(found.length),
      ),
    text,
  );
}

/** A choice that is a number by its text is one: it does not free all of its kind. */
function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

/** Marks of a list at the starts of lines, as long as they count up from 1. */
function withoutListMarks(text: string): string {
  let next = 1;
  return text.replaceAll(/(?<=^[ \t]*)\d+(?=[.)][ \t])/gm, (digits) => {
    const isNext = digits === String(next);
    if (!isNext && digits !== '1') return digits;
    next = isNext ? next + 1 : 2;
    return filler.repeat(digits.length);
  });
}

interface Sentence {
  readonly end: number;
  readonly named: ReadonlySet<string>;
}

function sentencesOf(text: string, subjects: readonly string[]): readonly Sentence[] {
  const ends = [...text.matchAll(/[.!?](?=\s)|\n/g)].map(({ index }) => index + 1);
  let from = 0;
  return [...ends, text.length].map((end) => {
    const sentence = text.slice(from, end);
    from = end;
    return { end, named: new Set(subjects.filter((name) => isNamed(sentence, name))) };
  });
}

function namedAt(sentences: readonly Sentence[], index: number): ReadonlySet<string> {
  return sentences.find(({ end }) => index < end)?.named ?? new Set();
}

/** A name of one letter could be a word (`a`, `I`): it stands in backticks. */
function isNamed(sentence: string, name: string): boolean {
  if (sentence.includes(`\`${name}\``)) return true;
  return !/^[aAI]$/.test(name) && new RegExp(alone(name), 'u').test(sentence);
}

function alone(name: string): string {
  const pattern = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return String.raw`(?<![\p{L}\p{N}_])${pattern}(?![\p{L}\p{N}_])`;
}

/** The parameter to which the number after this text is given: `lr = `, `` `lr`: ``. */
function assignedTo(before: string, subjects: readonly string[]): string | undefined {
  const line = before.slice(-200);
  return subjects.find((name) => new RegExp(`${alone(name)}\`?\\s?[=:]\\s?[-−]?$`, 'u').test(line));
}
