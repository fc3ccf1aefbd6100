import type { Outcome } from '@foothold/core';

/**
 * The outcome that a command printed.
 *
 * With `metric`, the last line that gives it, as JSON (`{"loss": 0.3}`) or as text (`loss=0.3`, `loss: 0.3`). Without, the
 * last JSON line (a number, or an object with `value`, or with a single number), else the last number in the output. The other
 * numbers of the JSON object become `metrics`. A failed outcome says what was looked for.
 */
export function readOutcome(output: string, metric?: string): Outcome {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== '');
  const found = metric === undefined ? lastValue(lines) : namedValue(lines, metric);
  if (found === undefined)
    return {
      state: 'failed',
      reason:
        metric === undefined
          ? `no number in the output${lines.length === 0 ? ': it was empty' : `; its last line: ${clip(lines.at(-1)!)}`}`
          : `no ${metric} in the output: a JSON line with "${metric}", or "${metric}=…"`,
    };
  if (!Number.isFinite(found.value))
    return { state: 'failed', reason: `the value is ${found.value}, not a finite number` };
  return {
    state: 'complete',
    value: found.value,
    ...(Object.keys(found.metrics).length > 0 ? { metrics: found.metrics } : {}),
  };
}

interface Found {
  readonly value: number;
  readonly metrics: Readonly<Record<string, number>>;
}

function lastValue(lines: readonly string[]): Found | undefined {
  for (const line of lines.toReversed()) {
    const json = parsed(line);
    if (typeof json === 'number') return { value: json, metrics: {} };
    const numbers = numbersOf(json);
    if (numbers === undefined) continue;
    const name =
      'value' in numbers ? 'value' : Object.keys(numbers).length === 1 ? Object.keys(numbers)[0]! : undefined;
    if (name !== undefined) return split(numbers, name);
  }
  const all = lines
    .join('\n')
    .match(
      /(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.]*\w)|(?<!\w)[-+]?(?:nan|inf(?:inity)?)(?!\w)/gi,
    );
  return all === null ? undefined : { value: numberOf(all.at(-1)!), metrics: {} };
}

function namedValue(lines: readonly string[], metric: string): Found | undefined {
  const escaped = metric.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const text = new RegExp(
    `(?<![\\w.])"?${escaped}"?\\s*[=:]\\s*([-+]?(?:[\\d.]+(?:[eE][-+]?\\d+)?|nan|inf(?:inity)?))`,
    'i',
  );
  for (const line of lines.toReversed()) {
    const numbers = numbersOf(parsed(line));
    if (numbers !== undefined && Object.hasOwn(numbers, metric)) return split(numbers, metric);
    const match = text.exec(line);
    if (match) return { value: numberOf(match[1]!), metrics: {} };
  }
  return undefined;
}

function split(numbers: Readonly<Record<string, number>>, name: string): Found {
  const { [name]: value, ...rest } = numbers;
  return {
    value: value!,
    metrics: Object.fromEntries(Object.entries(rest).filter(([, v]) => Number.isFinite(v))),
  };
}

function numbersOf(json: unknown): Record<string, number> | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  return Object.fromEntries(
    Object.entries(json).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

/** The line as JSON, with Python's bare NaN and Infinity let through; undefined when it is not JSON. */
function parsed(line: string): unknown {
  const text = line.trim();
  if (!/^[[{\-+\d.]/.test(text)) return undefined;
  try {
    return JSON.parse(
      text.replace(/(?<=[:[,]\s*)(-?Infinity|NaN)(?=\s*[,}\]])/g, (word) => `"\\u0000${word}"`),
      (_, value) =>
        typeof value === 'string' && value.startsWith('\u0000') ? Number(value.slice(1)) : value,
    );
  } catch {
    return undefined;
  }
}

function numberOf(text: string): number {
  const bare = text.replace(/^[-+]/, '').toLowerCase();
  if (bare === 'nan') return Number.NaN;
  if (bare.startsWith('inf')) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}

function clip(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
