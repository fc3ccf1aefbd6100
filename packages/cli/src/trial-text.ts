import { type Goal, objectivesOf, type Params, type Trial } from '@foothold/core';
import { printable } from './safe-text.ts';

/** The value, with the figures of these names, or what became of the trial. */
export function outcomeText(trial: Trial, further: readonly string[] = []): string {
  if (trial.state === 'complete')
    return [
      short(trial.value),
      ...further.map((name) => `${printable(name)} ${short(trial.metrics?.[name] ?? Number.NaN)}`),
    ].join(', ');
  if (trial.state === 'failed') return `failed: ${printable(trial.reason).slice(0, 200)}`;
  const last = lastReport(trial);
  return trial.state === 'pruned' && last ? `pruned at step ${last.step}, ${short(last.value)}` : trial.state;
}

function lastReport({ reports }: Trial): Trial['reports'][number] | undefined {
  return reports.reduce<Trial['reports'][number] | undefined>(
    (last, report) => (last && last.step > report.step ? last : report),
    undefined,
  );
}

/** Parameters as `lr=0.01 act=relu`. `write` gives each number. */
export function paramsText(params: Params, write: (value: number) => string = short): string {
  return Object.entries(params)
    .map(
      ([name, value]) =>
        `${printable(name)}=${typeof value === 'number' ? write(value) : printable(String(value))}`,
    )
    .join(' ');
}

/** A number in at most six digits; whole numbers in full. */
export function short(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

/** A trial's value and parameters in full: `0.25 (trial 3): lr=0.0123456789`. */
export function trialInFull(trial: Extract<Trial, { readonly state: 'complete' }>, also = ''): string {
  return `${trial.value} (trial ${trial.number}${also}): ${paramsText(trial.params, String)}`;
}

/** A trial's objectives and parameters: `value=0.25 size=3 (trial 3): lr=0.01`. `value` is what the value is called. */
export function objectivesInFull(
  trial: Extract<Trial, { readonly state: 'complete' }>,
  goal: Goal,
  value = 'value',
): string {
  const figures = objectivesOf(goal).map(({ metric }) =>
    metric === 'value'
      ? `${printable(value)}=${trial.value}`
      : `${printable(metric)}=${trial.metrics?.[metric]}`,
  );
  return `${figures.join(' ')} (trial ${trial.number}): ${paramsText(trial.params)}`;
}

/** Seconds as `1:05`, or `2:01:05` from an hour on. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** A bar of blocks, so much of it full. */
export function bar(share: number, width: number): string {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
}
