import { isReservedName, type Outcome } from '@foothold/core';
import type { Chosen } from './choice.ts';
import type { OutputRecord } from './figure.ts';
import { namedFigure } from './named-figure.ts';
import { onlyFigure } from './only-figure.ts';
import { scanned } from './output-scanner.ts';
import { recordLines } from './record-lines.ts';
import { clipped } from './words.ts';

export interface Reading {
  readonly outcome: Outcome;
  /** The figure's name and where it stood, such as `loss from {"loss":0.5}`; absent where nothing was read. */
  readonly reads?: string;
  /** The figure's name; absent where a number stood alone, and where nothing was read. */
  readonly name?: string;
  /** A figure was found and is none that can be told, or there are several: the output is not just without one. */
  readonly found?: boolean;
}

export interface OutputReader {
  /** The next piece of output, cut anywhere. */
  add(text: string): void;
  /** What the whole output said. A failed outcome says what was looked for and what was seen. */
  end(): Reading;
}

/**
 * Reads the value out of a program's output while it comes, in time linear in its length and without keeping it.
 *
 * With `metric`, its last mention counts. Without, there must be one candidate. The other numbers of a value's object become
 * `metrics`. What looks like a number in another notation (`1,234.5`, `93%`) is a failure.
 */
export function outputReader(metric?: string): OutputReader {
  // A name of several words is known by the text before the value; one word is known by itself.
  const phrase = metric !== undefined && /[^\p{L}\p{M}\p{N}_\-./@#]/u.test(metric) ? metric : undefined;
  const chooser = metric === undefined ? onlyFigure() : namedFigure(metric);
  let last = '';
  const records = recordLines((text) => {
    last = text;
    chooser.add(scanned(text.trimEnd(), phrase));
  });
  return {
    add: records.add,
    end: () => {
      records.end();
      const choice = chooser.end();
      if (!('failure' in choice)) return readingOf(choice);
      const long = records.skipped > 0 ? `; ${records.skipped} lines of more than 16 MiB were not read` : '';
      const found = !choice.failure.startsWith('no ');
      return {
        outcome: { state: 'failed', reason: `${reasonOf(choice.failure, last, metric)}${long}` },
        found,
      };
    },
  };
}

function reasonOf(failure: string, last: string, metric: string | undefined): string {
  const ending = last === '' ? ': it was empty' : `; its last line: ${clipped(last, 200)}`;
  if (failure === 'no number') return `no number in the output${ending}`;
  if (metric === undefined || !failure.startsWith('no ')) return failure;
  return last === ''
    ? `${failure}: it was empty`
    : `${failure}: a line with {"${metric}": 0.5}, ${metric}=0.5 or ${metric}: 0.5${ending}`;
}

function readingOf({ name, written, record }: Chosen): Reading {
  const who = name ?? 'the value';
  const reason =
    'unreadable' in written
      ? `${who} is ${written.unreadable}, not a plain number such as 1234.5 or 1e-3`
      : `${who} is ${written.number}, not a finite number`;
  if ('unreadable' in written || !Number.isFinite(written.number))
    return { outcome: { state: 'failed', reason }, found: true };
  const metrics = name === undefined || !record.isObject ? {} : othersOf(record, name);
  return {
    outcome: {
      state: 'complete',
      value: written.number,
      ...(Object.keys(metrics).length > 0 ? { metrics } : {}),
    },
    reads: `${name ?? 'the number'} from ${clipped(record.text, 60)}`,
    ...(name === undefined ? {} : { name }),
  };
}

/** The other finite numbers of the object, by name; none under a name that a study refuses. */
function othersOf({ figures }: OutputRecord, name: string): Readonly<Record<string, number>> {
  const others = new Map<string, number>();
  for (const { name: other, written, form } of figures)
    if (
      (form === 'sign' || form === 'blank') &&
      other !== name &&
      !isReservedName(other) &&
      'number' in written &&
      Number.isFinite(written.number)
    )
      others.set(other, written.number);
  return Object.fromEntries(others);
}
