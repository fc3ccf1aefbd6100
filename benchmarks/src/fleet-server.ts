/**
 * A server of one processor in virtual time: requests wait while it works on those before them. What they cost is measured on the real
 * server that answers them, or given.
 */
import type { FleetRequest, RequestKind } from './fleet-request.ts';
import type { FleetThread } from './fleet-thread.ts';
import type { VirtualTime } from './fleet-time.ts';

export interface FleetServerOptions {
  readonly time: VirtualTime;
  /** Milliseconds of the requests that are answered together; `measured` is what the processor needed for them. */
  readonly costOf: (requests: readonly FleetRequest[], measured: number) => number;
  /** Whether asks that wait are answered together: not where each one calls a model. */
  readonly areAsksTogether: boolean;
  /** Requests that are answered together. Default: all that wait. */
  readonly most?: number | undefined;
  /** Where the samplers run, where that is a thread of their own. */
  readonly thread?: FleetThread | undefined;
}

export interface FleetServer {
  send(request: FleetRequest): void;
  /** Answers those that wait, where the server is free; false where there is nothing to do now. */
  work(): Promise<boolean>;
  /** Of the time until now. */
  readonly figures: ServerFigures;
}

export interface ServerFigures {
  readonly requests: Readonly<Record<RequestKind, number>>;
  readonly groups: number;
  readonly largestGroup: number;
  /** Milliseconds in which it worked, in virtual time. */
  readonly busyMs: number;
  /** Milliseconds of the real processor. */
  readonly cpuMs: number;
}

export function fleetServer(options: FleetServerOptions): FleetServer {
  const { time, costOf, thread } = options;
  const requests = { ask: 0, tell: 0, renew: 0, suggestion: 0 };
  const figures = { requests, groups: 0, largestGroup: 0, busyMs: 0, cpuMs: 0 };
  let waiting: FleetRequest[] = [];
  let isBusy = false;
  const open = new Set<FleetRequest>();
  let done: (() => void)[] = [];
  const begin = (request: FleetRequest) => {
    open.add(request);
    return request.call().then((answer) => {
      open.delete(request);
      done.push(() => request.answered(answer));
    });
  };
  const send = (request: FleetRequest) => {
    requests[request.kind]++;
    waiting.push(request);
  };
  const work = async () => {
    if (isBusy || waiting.length === 0) return false;
    isBusy = true;
    const [group, rest] = nextOf(waiting, options);
    waiting = rest;
    const before = process.threadCpuUsage();
    const answers = group.map(begin);
    await (thread ? settled(open, thread) : Promise.all(answers));
    const { user, system } = process.threadCpuUsage(before);
    const measured = (user + system) / 1000;
    const cost = costOf(group, measured);
    figures.groups++;
    figures.largestGroup = Math.max(figures.largestGroup, group.length);
    figures.cpuMs += measured;
    figures.busyMs += cost;
    const answered = done;
    done = [];
    const end = time.now() + cost;
    time.at(end, () => {
      isBusy = false;
      for (const answer of answered) answer();
    });
    await thread?.work(end, send);
    return true;
  };
  return { send, work, figures };
}

/** What is answered next, and what waits on. */
function nextOf(
  waiting: readonly FleetRequest[],
  { areAsksTogether, most = Infinity }: FleetServerOptions,
): [FleetRequest[], FleetRequest[]] {
  const group: FleetRequest[] = [];
  const rest: FleetRequest[] = [];
  let hasAsk = false;
  for (const request of waiting) {
    const isLater = request.kind === 'ask' && hasAsk && !areAsksTogether;
    if (isLater || group.length >= most) rest.push(request);
    else group.push(request);
    hasAsk ||= request.kind === 'ask';
  }
  return [group, rest];
}

/** Turns of the event loop after which nothing goes on by itself: what is open then waits for the thread. */
const quietTurns = 5;

async function settled(open: ReadonlySet<FleetRequest>, thread: FleetThread): Promise<void> {
  for (let quiet = 0; quiet < quietTurns || (open.size > 0 && !thread.isAsked()); quiet++) {
    const before = open.size;
    await new Promise((next) => void setImmediate(next));
    if (open.size !== before) quiet = 0;
  }
}
