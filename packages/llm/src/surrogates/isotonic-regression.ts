/**
 * Isotonic regression by pooling adjacent violators (Barlow, Bartholomew, Bremner, Brunk 1972, "Statistical Inference under Order
 * Restrictions").
 *
 * x  inputs, n, in any order
 * y  values, n
 */

interface Block {
  mean: number;
  weight: number;
  /** Number of distinct inputs in it. */
  inputs: number;
}

/**
 * The nondecreasing function that is nearest to the points in least squares: at the inputs exactly, linear between them, constant
 * outside. Equal inputs count as one with their mean. Undefined where there is no point.
 */
export function isotonicRegression(
  x: readonly number[],
  y: readonly number[],
): ((at: number) => number) | undefined {
  if (x.length === 0) return undefined;
  const order = [...x.keys()].sort((i, j) => x[i]! - x[j]!);
  const inputs: number[] = [];
  const blocks: Block[] = [];
  for (const i of order) {
    if (inputs.at(-1) === x[i]) {
      const last = blocks.at(-1)!;
      add(last, y[i]!, 1);
      continue;
    }
    // Only now is the block before complete.
    pool(blocks);
    inputs.push(x[i]!);
    blocks.push({ mean: y[i]!, weight: 1, inputs: 1 });
  }
  pool(blocks);
  const fitted = blocks.flatMap(({ mean, inputs: n }) => Array.from({ length: n }, () => mean));
  return (at) => interpolated(inputs, fitted, at);
}

/** Weighted means, since a sum of large values overflows. */
function add(block: Block, mean: number, weight: number): void {
  const both = block.weight + weight;
  block.mean = block.mean * (block.weight / both) + mean * (weight / both);
  block.weight = both;
}

/** Joins the last blocks as long as their means do not increase. */
function pool(blocks: Block[]): void {
  while (blocks.length > 1) {
    const [before, last] = blocks.slice(-2) as [Block, Block];
    if (before.mean < last.mean) return;
    blocks.pop();
    add(before, last.mean, last.weight);
    before.inputs += last.inputs;
  }
}

function interpolated(x: readonly number[], y: readonly number[], at: number): number {
  const next = x.findIndex((input) => input >= at);
  if (next < 0) return y.at(-1)!;
  if (next === 0 || x[next] === at) return y[next]!;
  const share = (at - x[next - 1]!) / (x[next]! - x[next - 1]!);
  return y[next - 1]! + share * (y[next]! - y[next - 1]!);
}
