import type { Information, SvmParams } from './reference.ts';

const number = String.raw`-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;

export interface Shown {
  readonly samples: number;
  readonly features: number;
  readonly classes: number;
  readonly model: string;
  readonly task: string;
  readonly metric: string;
  readonly bounds: Readonly<Record<string, readonly [number, number]>>;
  readonly evaluated: readonly { readonly params: SvmParams; readonly value: number }[];
  readonly target: number;
}

/** What a prompt shows of all that could be shown; the same reading as `information` of `record-reference.py`. */
export function informationIn(prompt: string, all: Shown): Information {
  const lines = prompt.split('\n');
  const numbers = numbersIn(prompt);
  const has = (x: number) => numbers.some((n) => Math.abs(n - x) <= 1e-6 * Math.max(1, Math.abs(x)));
  const names = (text: string) => prompt.toLowerCase().includes(text.toLowerCase());
  const errors = all.evaluated.flatMap(({ params, value }) => {
    const found = lines.flatMap((line) => exampleError(line, params, value));
    return found.length === 0 ? [] : [Math.min(...found)];
  });
  return {
    ...{ samples: has(all.samples), features: has(all.features), classes: has(all.classes) },
    ...{ model: names(all.model), task: names(all.task), metric: names(all.metric), target: has(all.target) },
    ranges: Object.entries(all.bounds).filter(([name, bounds]) =>
      lines.some((line) => {
        const inside = line.startsWith(`- ${name}:`) ? numbersIn(line) : [];
        return bounds.every((bound) => inside.some((n) => Math.abs(n - bound) < 1e-12));
      }),
    ).length,
    examples: errors.length,
    example_error: errors.reduce((a, b) => Math.max(a, b), 0),
  };
}

const numbersIn = (text: string) => [...text.matchAll(new RegExp(number, 'g'))].map(([n]) => Number(n));

/** Largest relative error of the configuration in a line that has it with its value; empty where the line has not. */
function exampleError(line: string, params: SvmParams, value: number): readonly number[] {
  const shown = new RegExp(`=> (${number})$`).exec(line)?.[1];
  if (shown === undefined || Math.abs(Number(shown) - value) > 1e-5 * Math.abs(value)) return [];
  const errors = Object.entries(params).map(([name, exact]) => {
    const found = new RegExp(`\\b${name}: (${number})`).exec(line)?.[1];
    return found === undefined ? Infinity : Math.abs(Number(found) - exact) / exact;
  });
  const worst = errors.reduce((a, b) => Math.max(a, b), 0);
  return Number.isFinite(worst) ? [worst] : [];
}
