/** A number as models write it: a sign (also a typographic one), digits, an exponent. Without a percent sign: nobody knows its scale. */
const form = /^[+\-−]?(?:\d+\.?\d*|\.\d+)(?:[eE][+\-−]?\d+|\s?[×x*]\s?10\^\(?[+\-−]?\d+\)?)?$/;
const longest = 64;

/** The finite number that a text is as a whole; undefined for any other text, percentages and names of numbers included. */
export function numberIn(text: string): number | undefined {
  if (text.length > longest) return undefined;
  const trimmed = text.trim();
  if (!form.test(trimmed)) return undefined;
  const plain = trimmed.replaceAll('−', '-').replace(/\s?[×x*]\s?10\^\(?([+-]?\d+)\)?$/, 'e$1');
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}
