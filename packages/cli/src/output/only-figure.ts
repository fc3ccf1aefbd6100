import { type Choice, type Chooser, type Chosen, listed } from './choice.ts';
import type { OutputRecord } from './figure.ts';

/** Names that count something and are never taken for the result. */
const counters = new Set(
  'epoch epochs step steps iter iters iteration iterations batch batches round fold trial seed rank worker'.split(
    ' ',
  ),
);
/** Names that are understood without a sign: `loss 0.25`. */
const known = new Set(['value', 'loss', 'score', 'accuracy']);
const maxNames = 50;

/**
 * The value of an output where no name is given.
 *
 * The last line that is one number or one object counts. In an object the value is the figure called `value`, or the only one;
 * counters (`epoch`, `step`, …) are passed over. Without such a line, or where named figures come after a number alone, the
 * same rule holds over all names in the text, and last a sentence that ends in its only number. Several candidates are a failure
 * that names them.
 */
export function onlyFigure(): Chooser {
  let line: { readonly record: OutputRecord; readonly figures?: ReadonlyMap<string, Chosen> } | undefined;
  let names = new Map<string, Chosen>();
  let sentences = new Map<string, Chosen>();
  return {
    add: (record) => {
      if (record.alone) {
        line = { record };
        names = new Map();
        sentences = new Map();
      } else if (record.isObject) {
        const figures = candidates(record);
        if (figures.size === 0) return;
        line = { record, figures };
        names = new Map();
      } else if (line?.figures === undefined) {
        for (const [name, figure] of candidates(record))
          if (names.has(name) || names.size < maxNames || name === 'value') names.set(name, figure);
        if (record.last && line === undefined && sentences.size < maxNames)
          sentences.set(sentenceOf(record), { written: record.last, record });
      }
    },
    end: (): Choice => {
      if (line?.figures) return oneOf(line.figures);
      if (line && names.size === 0) return { written: line.record.alone!, record: line.record };
      if (line) {
        if (names.has('value')) return names.get('value')!;
        return several([`the number alone (${line.record.text.trim().slice(0, 40)})`, ...names.keys()]);
      }
      if (names.size > 0) return oneOf(names);
      return sentences.size > 0 ? oneOf(sentences) : { failure: 'no number' };
    },
  };
}

function oneOf(figures: ReadonlyMap<string, Chosen>): Choice {
  const value = figures.get('value');
  if (value) return value;
  return figures.size === 1 ? [...figures.values()][0]! : several([...figures.keys()]);
}

function several(names: readonly string[]): Choice {
  const example =
    names.find((name) => known.has(lastPart(name))) ?? names.find((name) => !name.includes(' '));
  return {
    failure: `the output has several figures: ${listed(names)}; choose with --metric${example === undefined ? '' : `, such as --metric ${example}`}`,
  };
}

/** The figures of a record that may be its value, the last one of each name. */
function candidates(record: OutputRecord): ReadonlyMap<string, Chosen> {
  const result = new Map<string, Chosen>();
  for (const { name, written, form } of record.figures) {
    if (counters.has(lastPart(name))) continue;
    if (form === 'sign' || (form === 'blank' && (record.isObject || known.has(lastPart(name)))))
      result.set(name, { name, written, record });
  }
  return result;
}

/** The words before the number: two lines with the same ones say the same figure. */
function sentenceOf({ text }: OutputRecord): string {
  return text.trim().replace(/\S+$/, '').trim().slice(0, 60);
}

function lastPart(name: string): string {
  return name
    .slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'), name.lastIndexOf(' ')) + 1)
    .toLowerCase();
}
