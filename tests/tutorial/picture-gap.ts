const number = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g;

/**
 * Largest difference between corresponding numbers of two SVG documents, in pixels where they are coordinates; infinite where
 * anything but numbers differs. The last bits of a number may differ between processors.
 */
export function pictureGap(a: string, b: string): number {
  if (a.replaceAll(number, '#') !== b.replaceAll(number, '#')) return Infinity;
  const others = [...b.matchAll(number)].map(([text]) => Number(text));
  return [...a.matchAll(number)].reduce(
    (gap, [text], i) => Math.max(gap, Math.abs(Number(text) - others[i]!)),
    0,
  );
}
