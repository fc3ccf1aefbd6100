/**
 * `pnpm bench workers [busy | killed] [--quick]`: four workers of one study on this machine, trials of one second, PostgreSQL.
 *
 * busy    share of each worker's time, from its first ask to its last tell, in which a trial's own second ran; beside it four processes of
 *         `foothold tune` on the same trials without a queue (`ratio`: the worker's idle time by theirs)
 *         and four shells that run the same program in a loop, which is what the machine allows (`ofLoop`: the worker's share by theirs)
 * killed  a worker at random is killed (SIGKILL) every 5 s for a minute, and another one started: what the log has at the end
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { type StudyEvent, seeded } from '@foothold/core';
import { startPostgres } from '@foothold/postgres-server';
import { postgresStorage } from '@foothold/storage-sql';
import { type BenchOptions, refuseOtherWords } from './bench-options.ts';
import { type Kind, type Program, saidEnded, startProgram } from './workers-programs.ts';

const workers = 4;
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
const shown = (figure: number) => Number(figure.toFixed(4));

export async function workersBench({ quick, emit, words, seeds = 1 }: BenchOptions): Promise<void> {
  refuseOtherWords(words, ['busy', 'killed']);
  const isAsked = (part: string) => words.length === 0 || words.includes(part);
  const server = await startPostgres({ fsync: true });
  process.env['PGPASSWORD'] = server.password;
  const storage = postgresStorage(server.address);
  const log = async (name: string) => storage.read(name, 0);
  const summary: Record<string, unknown> = {};
  try {
    const loop = await loopShare(quick ? 4 : 20);
    emit({ measure: 'busy', kind: 'loop', busy: shown(loop), load1: os.loadavg()[0] });
    for (const sampler of isAsked('busy') ? ['random', 'auto'] : []) {
      const shares: Record<string, number> = {};
      for (const kind of ['tune', 'worker'] as const) {
        const name = `busy-${sampler}-${kind}`;
        const trials = quick ? 16 : 80;
        await toEnd({ kind, address: server.address, name, trials, sampler });
        shares[kind] = busyShare(await log(name));
        emit({ measure: 'busy', sampler, kind, trials, busy: shown(shares[kind]), load1: os.loadavg()[0] });
      }
      const ratio = (1 - shares['worker']!) / (1 - shares['tune']!);
      summary[sampler] = {
        busy: shown(shares['worker']!),
        tune: shown(shares['tune']!),
        idleRatio: shown(ratio),
        loop: shown(loop),
        ofLoop: shown(shares['worker']! / loop),
      };
    }
    for (let seed = 0; seed < (isAsked('killed') ? seeds : 0); seed++) {
      const result = await killed(server.address, { seed, seconds: quick ? 10 : 60, log });
      emit({ measure: 'killed', seed, ...result, load1: os.loadavg()[0] });
      summary[`killed${seed}`] = result;
    }
  } finally {
    await storage.close?.();
    await server.stop();
  }
  emit({ bench: 'workers', summary });
}

/** The busy share of as many shells, each of which runs the program so often. */
async function loopShare(times: number): Promise<number> {
  const began = performance.now();
  const script = `i=0; while [ $i -lt ${times} ]; do sh -c 'sleep 1; echo $1' sh 0.5 > /dev/null; i=$((i+1)); done`;
  const shells = Array.from({ length: workers }, () => spawn('sh', ['-c', script]));
  await Promise.all(shells.map((shell) => once(shell, 'close')));
  return times / ((performance.now() - began) / 1000);
}

/** Runs the study with all workers. */
async function toEnd(line: {
  readonly kind: Kind;
  readonly address: string;
  readonly name: string;
  readonly trials: number;
  readonly sampler: string;
}): Promise<void> {
  const programs = Array.from({ length: workers }, () => startProgram(line));
  await Promise.all(programs.map(({ ended }) => ended));
  const wrong = programs.find(({ child }) => child.exitCode !== 0);
  if (wrong) throw new Error(`a worker ended with ${wrong.child.exitCode}: ${wrong.err()}`);
}

/** Seconds of trials by the seconds between each worker's first ask and its last tell. */
function busyShare(events: readonly StudyEvent[]): number {
  const owners = new Map<number, string>();
  const spans = new Map<string, { first: number; last: number; trials: number }>();
  for (const event of events) {
    if (event.type === 'asked') {
      const { owner } = event.lease;
      owners.set(event.number, owner);
      if (!spans.has(owner)) spans.set(owner, { first: event.at!, last: event.at!, trials: 0 });
    }
    if (event.type !== 'told') continue;
    const span = spans.get(owners.get(event.number)!)!;
    span.last = event.at!;
    span.trials++;
  }
  const all = [...spans.values()];
  return (
    all.reduce((sum, { trials }) => sum + trials, 0) /
    all.reduce((sum, { first, last }) => sum + (last - first) / 1000, 0)
  );
}

/** A minute of kills, then the rest of the study in peace. */
async function killed(
  address: string,
  {
    seed,
    seconds,
    log,
  }: {
    readonly seed: number;
    readonly seconds: number;
    readonly log: (name: string) => Promise<readonly StudyEvent[]>;
  },
) {
  const line = { kind: 'worker', address, name: `killed-${seed}`, sampler: 'random' } as const;
  const trials = seconds * workers;
  const all: Program[] = [];
  const start = () => {
    const program = startProgram({ ...line, trials });
    all.push(program);
    return program;
  };
  const running = Array.from({ length: workers }, start);
  const rng = seeded(seed).fork('kills');
  let kills = 0;
  for (let t = 5; t <= seconds; t += 5) {
    await wait(5000);
    const at = Math.floor(rng.next() * workers);
    if (running[at]!.child.kill('SIGKILL')) kills++;
    await running[at]!.ended;
    running[at] = start();
  }
  await Promise.all(running.map(({ ended }) => ended));
  const events = await log(line.name);
  const told = events.flatMap((event) => (event.type === 'told' ? [event.number] : []));
  const params = new Map(
    events.flatMap((e) => (e.type === 'asked' ? [[e.number, e.params['x']] as const] : [])),
  );
  const wrong = events.filter(
    (e) => e.type === 'told' && !(e.outcome.state === 'complete' && e.outcome.value === params.get(e.number)),
  );
  const inLog = new Set(told);
  const said = all.flatMap((program) => saidEnded(program.err()));
  return {
    ...{
      trials,
      kills,
      finished: inLog.size,
      toldTwice: told.length - inLog.size,
      wrongValues: wrong.length,
    },
    lost: said.filter((number) => !inLog.has(number)).length,
    evaluatedAgain: events.filter((event) => event.type === 'expired').length,
  };
}
