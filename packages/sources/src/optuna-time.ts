/** Times of Optuna: texts with microseconds, in local time (Optuna 2 to 4), in UTC or with their offset (Optuna 5). */

export type Zone = 'local' | 'utc';

const form = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;

/** Milliseconds since 1970, with microseconds as a fraction; undefined for what is no time. `zone` is that of texts without an offset. */
export function optunaTime(text: unknown, zone: Zone): number | undefined {
  const match = typeof text === 'string' ? form.exec(text.trim()) : null;
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Six;
  const micro = Number((match[7] ?? '').padEnd(6, '0').slice(0, 6));
  const offset = match[8];
  const whole =
    offset === undefined && zone === 'local'
      ? new Date(year, month - 1, day, hour, minute, second).getTime()
      : Date.UTC(year, month - 1, day, hour, minute, second) - offsetOf(offset);
  return whole + micro / 1000;
}

type Six = [number, number, number, number, number, number];

/** Milliseconds that a text with this offset is ahead of UTC. */
function offsetOf(offset: string | undefined): number {
  if (offset === undefined || offset === 'Z') return 0;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(offset)!;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** The time as Optuna writes it, `2026-11-29<between>01:06:44.186058`, without an offset. */
export function optunaTimeText(ms: number, zone: Zone, between = ' '): string {
  const micros = Math.round(ms * 1000);
  const rest = ((micros % 1_000_000) + 1_000_000) % 1_000_000;
  const date = new Date((micros - rest) / 1000);
  const parts =
    zone === 'utc'
      ? [
          date.getUTCFullYear(),
          date.getUTCMonth() + 1,
          date.getUTCDate(),
          date.getUTCHours(),
          date.getUTCMinutes(),
          date.getUTCSeconds(),
        ]
      : [
          date.getFullYear(),
          date.getMonth() + 1,
          date.getDate(),
          date.getHours(),
          date.getMinutes(),
          date.getSeconds(),
        ];
  const [year, month, day, hour, minute, second] = parts.map((part, i) =>
    String(part).padStart(i === 0 ? 4 : 2, '0'),
  );
  return `${year}-${month}-${day}${between}${hour}:${minute}:${second}.${String(rest).padStart(6, '0')}`;
}
