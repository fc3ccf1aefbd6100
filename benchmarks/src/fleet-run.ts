import type { Params, Sampler } from '@foothold/core';
import { serveStudies } from '@foothold/server';
import type { ParameterSpace } from '@foothold/space';
import { suggestionsOfLog } from '@foothold/study';
import { checkedLog, type LogCheck } from './fleet-check.ts';
import { fleetClient } from './fleet-client.ts';
import { type FleetLog, type FleetProgress, fleetLog } from './fleet-log.ts';
import type { FleetRequest } from './fleet-request.ts';
import { fleetServer, type ServerFigures } from './fleet-server.ts';
import { type Fleet, type FleetResult, simulated } from './fleet-simulation.ts';
import { type FleetThread, fleetThread } from './fleet-thread.ts';
import { virtualTime } from './fleet-time.ts';

export interface FleetProblem extends Omit<Fleet, 'objective'> {
  readonly space: ParameterSpace;
  readonly objective: (params: Params) => number;
  readonly trials: number;
  /** As `sampler` of a request that creates a study. */
  readonly sampler: string;
  /** The same sampler, for a thread of its own that prepares suggestions. Absent: asks wait for the sampler in the server. */
  readonly prepared?: Sampler | undefined;
  /** How often a trial is given again whose worker was silent. Default: that of the server. */
  readonly retries?: number | undefined;
  /** Milliseconds of a group of requests; default: what the processor needed, and `syncMs` of the disk for each group. */
  readonly costOf?: ((requests: readonly FleetRequest[], measured: number) => number) | undefined;
  /** Requests that are answered together. Default: all that wait; where asks call a model, one of these. */
  readonly most?: number | undefined;
  /** Called after each so many trials that have ended. */
  readonly progress?: FleetProgress | undefined;
  /** Milliseconds of a suggestion of the thread; default: what the processor needed. */
  readonly suggestionCostOf?: ((measured: number) => number) | undefined;
}

export interface FleetOutcome {
  readonly result: FleetResult;
  readonly server: ServerFigures;
  readonly threadCpuMs: number;
  readonly check: LogCheck;
  readonly log: FleetLog;
}

/** Of a write that is synced. `pnpm bench studies` measures 0.4 to 0.6 ms more with `fdatasync` than without. */
export const syncMs = 1;

/** 2027-01-15: times of logs are milliseconds since 1970. */
const epoch = 1_800_000_000_000;
const token = 'token-of-the-benchmark';
const study = 'fleet';

/** A run from its first request to its last trial, and what its log says. */
export async function fleetRun(problem: FleetProblem): Promise<FleetOutcome> {
  const { space, trials, seed, sampler, prepared, leaseMs, retries, most } = problem;
  const time = virtualTime();
  const clock = () => epoch + Math.floor(time.now());
  const log = fleetLog(problem.progress);
  const thread = prepared && threadOf(problem, prepared, time);
  const served = serveStudies({ storage: log, token, clock, samplers: thread });
  await created(served, {
    ...{ name: study, space: space.description, seed, sampler, lease: leaseMs / 1000, trials },
    ...(retries !== undefined && { retries }),
  });
  const server = fleetServer({
    ...{ time, thread, most },
    costOf: problem.costOf ?? ((_, measured) => measured + syncMs),
    areAsksTogether: sampler === 'random' || thread !== undefined,
  });
  const client = fleetClient(served, { token, study, trials });
  const result = await simulated(problem, { time, server, client, isOver: () => log.ends() >= trials });
  served.close();
  const check = checkedLog(log.lines(), { trials, acknowledged: result.acknowledged });
  return { result, server: server.figures, threadCpuMs: thread?.cpuMs() ?? 0, check, log };
}

function threadOf(
  { space, trials, suggestionCostOf = (measured) => measured }: FleetProblem,
  sampler: Sampler,
  time: ReturnType<typeof virtualTime>,
): FleetThread {
  const suggestions = suggestionsOfLog({ space, sampler, direction: 'minimize', trials });
  return fleetThread(suggestions, { time, costOf: suggestionCostOf });
}

async function created(server: ReturnType<typeof serveStudies>, body: object): Promise<void> {
  const answer = await server.fetch(
    new Request('http://localhost/api/studies', {
      method: 'POST',
      headers: {
        host: 'localhost',
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    }),
  );
  if (!answer.ok) throw new Error(await answer.text());
}
