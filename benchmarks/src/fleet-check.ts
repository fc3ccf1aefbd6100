/** Whether a log has each trial once, and what was acknowledged, read without any code of the study. */

/** What the events of a log are read for here. */
interface LoggedEvent {
  readonly type: string;
  readonly at?: number;
  readonly number?: number;
  readonly lease?: { readonly owner: string; readonly until?: number };
  readonly outcome?: { readonly state: string; readonly value?: number };
  readonly lost?: boolean;
}

export interface LogCheck {
  /** What is lost, doubled or open; empty where nothing is. */
  readonly faults: readonly string[];
  /** Trials that were given to another worker after one was silent. */
  readonly givenAgain: number;
  /** Trials that failed because their workers were silent too often. */
  readonly givenUp: number;
}

/** `acknowledged` has the value of each outcome that a worker was told to be kept, NaN for a failure. */
export function checkedLog(
  lines: Iterable<string>,
  { trials, acknowledged }: { readonly trials: number; readonly acknowledged: ReadonlyMap<number, number> },
): LogCheck {
  const counts: Record<string, number> = {};
  const fault = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const leases = new Map<number, { readonly owner: string; readonly until?: number }>();
  const ended = new Uint8Array(trials);
  let [given, givenAgain, givenUp] = [0, 0, 0];
  for (const line of lines) {
    const { type, number = -1, at = 0, lease, outcome, lost } = JSON.parse(line) as LoggedEvent;
    if (type === 'asked') {
      if (number === given) given++;
      else if (number > given) fault('numbers with a gap');
      const held = leases.get(number);
      if (ended[number]) fault('trials given after they had ended');
      if (held && held.owner !== lease!.owner)
        fault('trials given to a second worker under the lease of the first');
      leases.set(number, lease!);
    } else if (type === 'expired') {
      const { until = Infinity } = leases.get(number) ?? {};
      if (until >= at) fault('leases ended before their time');
      leases.delete(number);
      if (lost) givenAgain++;
    } else if (type === 'told') {
      if (ended[number]) fault('trials finished twice');
      ended[number] = 1;
      if (leases.has(number)) compareTold(acknowledged.get(number), outcome!, fault);
      else {
        givenUp++;
        givenAgain--;
        if (acknowledged.has(number)) fault('acknowledged outcomes replaced');
      }
      leases.delete(number);
    }
  }
  const open = trials - ended.reduce((sum, is) => sum + is, 0);
  const faults = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  if (given !== trials) faults.push(`${given} trials of ${trials}`);
  if (open > 0) faults.push(`${open} trials not finished`);
  const lostTells = [...acknowledged.keys()].filter((number) => ended[number] !== 1).length;
  if (lostTells > 0) faults.push(`${lostTells} acknowledged outcomes lost`);
  return { faults, givenAgain, givenUp };
}

function compareTold(
  value: number | undefined,
  { state, value: logged }: NonNullable<LoggedEvent['outcome']>,
  fault: (name: string) => void,
): void {
  if (value === undefined) fault('outcomes that no worker told');
  else if (Number.isNaN(value) ? state !== 'failed' : logged !== value) fault('outcomes changed');
}
