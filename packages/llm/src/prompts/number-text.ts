/** Significant digits of a number that is not whole: more cost tokens and tell a model nothing. */
const digits = 6;

/** A number as prompts show it: whole numbers up to 2^53 in full, others with six significant digits. */
export function numberText(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));
}
