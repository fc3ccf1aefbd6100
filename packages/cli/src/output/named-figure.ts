import { type Choice, type Chooser, type Chosen, listed } from './choice.ts';
import type { Figure } from './figure.ts';

/** How well a figure's name fits: as it is, but for upper case, or as the end of a longer name (`loss` of `valid.loss`). */
const fits = ['end', 'case', 'same'] as const;
const maxNames = 100;

/**
 * The last mention of `metric`: by its whole name, `valid.loss`, or by the end of it where only one name ends so. Names that
 * differ in upper case count where none is written as asked.
 */
export function namedFigure(metric: string): Chooser {
  const lower = metric.toLowerCase();
  const found = new Map<(typeof fits)[number], Map<string, Chosen>>();
  return {
    add: (record) => {
      for (const figure of record.figures) {
        const fit = fitOf(figure, metric, lower);
        if (fit === undefined) continue;
        const names = found.get(fit) ?? new Map<string, Chosen>();
        found.set(fit, names);
        const key = fit === 'end' ? figure.name : metric;
        if (names.has(key) || names.size < maxNames)
          names.set(key, { name: figure.name, written: figure.written, record });
      }
    },
    end: (): Choice => {
      const best = fits.findLast((fit) => found.has(fit));
      if (best === undefined) return { failure: `no ${metric} in the output` };
      const names = [...found.get(best)!.keys()];
      if (names.length > 1)
        return { failure: `${metric} occurs as ${listed(names)}: --metric takes the whole name` };
      return found.get(best)!.get(names[0]!)!;
    },
  };
}

function fitOf(
  { name, label, form }: Figure,
  metric: string,
  lower: string,
): (typeof fits)[number] | undefined {
  if (name === metric) return 'same';
  if (name.length < metric.length && label === undefined) return undefined;
  const whole = name.toLowerCase();
  if (whole === lower) return 'case';
  if (label !== undefined && `${label}.${name}`.toLowerCase() === lower) return 'same';
  if (form === 'holder' || form === 'element') return undefined;
  const before = whole[whole.length - lower.length - 1] ?? '';
  return whole.endsWith(lower) && ['.', '/', ' '].includes(before) ? 'end' : undefined;
}
