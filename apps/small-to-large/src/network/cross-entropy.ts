/** Mean cross-entropy of a batch, its derivative in the logits, and the number of wrong answers. */
export interface Judgement {
  /** Mean over the batch of −log softmax(logits) at the label, nats; NaN where a logit is not finite. */
  readonly loss: number;
  /** ∂loss/∂logits = (softmax − truth) / b, b×classes. */
  readonly dLogits: Float32Array;
  /** Images whose largest logit is not the label's; of equal ones the first counts. */
  readonly wrong: number;
}

/** Judges logits, b×classes row by row, against b labels. In float64 on the host: the arrays are tiny. */
export function crossEntropy(logits: Float32Array, labels: Uint8Array): Judgement {
  const b = labels.length;
  const classes = logits.length / b;
  const dLogits = new Float32Array(logits.length);
  let loss = 0;
  let wrong = 0;
  for (let i = 0; i < b; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    let answer = 0;
    for (let c = 1; c < classes; c++) if (row[c]! > row[answer]!) answer = c;
    const top = row[answer]!;
    let sum = 0;
    for (const z of row) sum += Math.exp(z - top);
    const label = labels[i]!;
    loss += Math.log(sum) - (row[label]! - top);
    if (answer !== label) wrong++;
    for (let c = 0; c < classes; c++)
      dLogits[i * classes + c] = (Math.exp(row[c]! - top) / sum - (c === label ? 1 : 0)) / b;
  }
  return { loss: loss / b, dLogits, wrong };
}
