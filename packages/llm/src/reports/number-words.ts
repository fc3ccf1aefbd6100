/** English words for numbers: `twenty-five`, `one hundred and five`, `half`, `twice`. */

/** Number words in a text. */
export interface WordedNumber {
  readonly index: number;
  readonly text: string;
  /** NaN where the words are no whole number together: `nine three`, `zero point nine`. */
  readonly value: number;
  /** What the last digit of the value counts: 1 for whole numbers. */
  readonly unit: number;
}

const ones = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'],
  ...['twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
];
const tens = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const scales: Readonly<Record<string, number>> = { hundred: 100, thousand: 1000, million: 1e6, billion: 1e9 };
/** `first`, `second` and `last` stand in sentences about no figure; `third` and later ones are ranks. */
const ordinals = [
  ...['third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth', 'eleventh', 'twelfth'],
];
const single: Readonly<Record<string, readonly [value: number, unit: number]>> = {
  half: [0.5, 0.1],
  halves: [0.5, 0.1],
  halved: [0.5, 0.1],
  'one third': [0.33, 0.01],
  'a third': [0.33, 0.01],
  'two thirds': [0.67, 0.01],
  'a quarter': [0.25, 0.01],
  'one quarter': [0.25, 0.01],
  quarter: [0.25, 0.01],
  'three quarters': [0.75, 0.01],
  twice: [2, 1],
  double: [2, 1],
  doubled: [2, 1],
  doubles: [2, 1],
  thrice: [3, 1],
  triple: [3, 1],
  tripled: [3, 1],
  triples: [3, 1],
  dozen: [12, 1],
  ...Object.fromEntries(ordinals.map((word, i) => [word, [i + 3, 1] as const])),
};

const values = new Map<string, number>([
  ...ones.map((word, i) => [word, i] as const),
  ...tens.map((word, i) => [word, 20 + 10 * i] as const),
  ...Object.entries(scales),
]);

const cardinal = [...values.keys()].join('|');
const sequence = new RegExp(
  `(?<![\\p{L}\\p{N}_])(?:${Object.keys(single)
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(' ', '[\\s-]'))
    .join(
      '|',
    )}|(?:${cardinal})(?:(?:[\\s-]|\\sand\\s|[\\s-]point[\\s-])(?:${cardinal}))*)(?:[\\s-]?fold|s)?(?![\\p{L}\\p{N}_])`,
  'giu',
);

/** `one` as a pronoun: `this one`, `one of them`. */
const pronounBefore =
  /\b(?:th[ei]s?e?|that|each|every|no|any|some|another|which|last|next|first|best|better|worse|worst|other|only|new|good|bad|\w+er|\w+est)[\s-]$/i;
const pronounAfter =
  /^\s(?:of|another|by one|at a time|can|could|should|would|might|may|must|or|has|needs)\b|^['’]s\b/i;

/** The numbers that stand as words in a text, in order. */
export function numberWordsIn(text: string): readonly WordedNumber[] {
  return [...text.matchAll(sequence)].flatMap(({ 0: found, index }) => {
    const words = found.toLowerCase().replace(/[\s-]?fold$/, '');
    const isPronoun =
      words === 'one' &&
      (pronounBefore.test(text.slice(Math.max(0, index - 20), index)) ||
        pronounAfter.test(text.slice(index + found.length, index + found.length + 20)));
    if (isPronoun || words === 'ones') return [];
    const known = single[words.replaceAll(/[\s-]+/g, ' ')];
    const [value, unit] = known ?? [wholeOf(words.replace(/s$/, '')), 1];
    return [{ index, text: found, value, unit }];
  });
}

/** NaN for words that do not follow each other in a number. */
function wholeOf(text: string): number {
  let total = 0;
  let group = 0;
  /** What may still be added to the group: below this. */
  let room = Infinity;
  for (const word of text.split(/[\s-]+/)) {
    if (word === 'and') continue;
    const value = values.get(word);
    if (value === undefined) return Number.NaN;
    if (word in scales) {
      if (value === 100) group = Math.max(group, 1) * 100;
      else {
        total += Math.max(group, 1) * value;
        group = 0;
      }
      room = value;
    } else {
      if (value >= room) return Number.NaN;
      group += value;
      room = value >= 20 ? 10 : 0;
    }
  }
  return total + group;
}
