const qualifiers = new Set(
  'train training valid validation val test testing eval evaluation dev holdout'.split(' '),
);

/** True for a word that makes one figure two: `train loss` is not `valid loss`. */
export function isQualifier(word: string): boolean {
  return qualifiers.has(word.toLowerCase());
}
