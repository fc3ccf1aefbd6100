/** The coefficients of a fit of scripts/fit.py, which are decoded at the first call. */
export type FitTable = () => Float64Array;

/** The table of this text: base64 of its doubles, the first byte of each, then the second of each, and so on to the eighth. */
export function fitTable(text: string): FitTable {
  let values: Float64Array | undefined;
  return () => {
    values ??= decoded(text);
    return values;
  };
}

function decoded(text: string): Float64Array {
  const bytes = atob(text);
  const count = bytes.length / 8;
  const inOrder = Uint8Array.from(bytes, (_, i) => bytes.charCodeAt((i % 8) * count + Math.floor(i / 8)));
  return new Float64Array(inOrder.buffer);
}
