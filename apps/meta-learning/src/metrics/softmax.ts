/** exp(zᵢ) / Σ exp(zⱼ) of each row of logits n×classes, in float64; no overflow for any finite logits. */
export function softmax(logits: Float32Array | Float64Array, classes: number): Float64Array {
  const result = new Float64Array(logits.length);
  for (let from = 0; from < logits.length; from += classes) {
    const row = logits.subarray(from, from + classes);
    let top = -Infinity;
    for (const z of row) top = Math.max(top, z);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += result[from + c] = Math.exp(row[c]! - top);
    for (let c = 0; c < classes; c++) result[from + c]! /= sum;
  }
  return result;
}
