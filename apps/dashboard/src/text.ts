import type { Trial } from '@foothold/core';
import { shortNumber } from '@foothold/viz';

/** `1 trial`, `2 trials`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** A value of a parameter or an attribute in a table. */
export function shownValue(value: unknown): string {
  if (typeof value === 'number') return shortNumber(value);
  if (value === undefined) return '–';
  return cutText(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Characters of one text that a page shows: a longer one would hide all else. Exports have it whole. */
const longestText = 1000;

/** The text, or its beginning with the number of its characters. */
export function cutText(text: string): string {
  return text.length > longestText
    ? `${text.slice(0, longestText)}… (${text.length.toLocaleString('en')} characters)`
    : text;
}

/** A worker's name without what only tells processes of one id from each other. */
export function shortWorker(owner: string): string {
  return owner.split(':').slice(0, 2).join(':');
}

/** How long ago, in words: `just now`, `4 minutes ago`. */
export function ago(then: number, now: number): string {
  const seconds = Math.max(0, (now - then) / 1000);
  return seconds < 10 ? 'just now' : `${lengthText(seconds)} ago`;
}

/** How long until then, in words: `in 4 minutes`. */
export function until(then: number, now: number): string {
  return `in ${lengthText(Math.max(1, (then - now) / 1000), Math.round)}`;
}

/** A length of time in its largest unit: `4 minutes`. */
function lengthText(seconds: number, whole: (length: number) => number = Math.floor): string {
  const units = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
  ] as const;
  const [size, name] = units.find(([unit]) => seconds >= unit) ?? [1, 'second'];
  return counted(whole(seconds / size), name);
}

/** Milliseconds as `12.3 s`, `4 min 5 s`, `2 h 7 min`. */
export function durationText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Date and time of day in the browser's own form. */
export function momentText(time: number): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** The time between begin and end of a trial in milliseconds; undefined where it is not known. */
export function durationOf({ startedAt, finishedAt }: Trial): number | undefined {
  return startedAt === undefined || finishedAt === undefined
    ? undefined
    : Math.max(0, finishedAt - startedAt);
}

/** A file name with only plain characters. */
export function fileNameOf(name: string, ending: string): string {
  return `${name.replaceAll(/[^\w.-]+/g, '-') || 'study'}.${ending}`;
}
