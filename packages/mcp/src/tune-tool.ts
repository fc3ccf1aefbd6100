/** Runs a command that the user allowed, until a study has so many trials. */
import { InvalidArgumentError, type Objective, type Params } from '@foothold/core';
import { type Answer, type PrunerName, studyName } from '@foothold/protocol';
import { failureLimit, type ObjectiveFunction, type OptimizeResult, optimize } from '@foothold/study';
import * as v from 'valibot';
import { type CommandParameter, checkAllowedParams, checkAllowedSpace } from './allowed-space.ts';
import { type StudyCalls, studyPath } from './study-calls.ts';
import { runs, type StudyTool, studyTool, type ToolContext } from './tool.ts';
import { toolTrial } from './tool-trial.ts';

/** What the user lets agents run. */
export interface AllowedCommands {
  /** Command lines with `{name}` where a parameter goes. An agent chooses one of them as it stands. */
  readonly commands: readonly string[];
  /** What an agent chooses of one of them. It does not depend on a study: other braces of the command are text. */
  parameters(command: string): readonly CommandParameter[];
  /** What evaluates parameters with one of them. Throws InvalidArgumentError for one that does not fit the parameters. */
  objective(command: string, of: EvaluationOptions): ObjectiveFunction<Params>;
}

export interface EvaluationOptions {
  /** Names of the parameters: those of the command. */
  readonly names: readonly string[];
  /** The printed figure that is the value. */
  readonly metric?: string | undefined;
  /** Seconds an evaluation. */
  readonly timeout?: number | undefined;
  readonly objectives?: readonly Objective[] | undefined;
  readonly cost?: string | undefined;
  /** The study's, where it has one: it decides on what the evaluation reports. */
  readonly pruner?: PrunerName | undefined;
}

/** The tool, and what runs in the background. */
export interface TuneTool {
  readonly tool: StudyTool;
  /** Ends what runs; resolves when its trials are given back. */
  close(): Promise<void>;
}

function schemaOf(commands: readonly string[]) {
  return v.strictObject({
    study: studyName,
    command: v.pipe(v.picklist(commands), v.description('one that the user allowed, as it stands')),
    trials: v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(10_000),
      v.description('evaluations in all, those of earlier runs included'),
    ),
    metric: v.optional(
      v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.description('the printed figure to take')),
    ),
    concurrency: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64), v.description('evaluations at a time')),
    ),
    timeout: v.optional(
      v.pipe(v.number(), v.gtValue(0), v.maxValue(1e6), v.description('seconds an evaluation may take')),
    ),
    wait: v.optional(
      v.pipe(
        v.boolean(),
        v.description('false: answers at once, the run goes on until its end or stop; true by default'),
      ),
    ),
  });
}
type TuneRequest = v.InferOutput<ReturnType<typeof schemaOf>>;

export function tuneTool(
  calls: StudyCalls,
  allowed: AllowedCommands,
  onError: (error: unknown) => void,
): TuneTool {
  const running = new Map<string, Promise<unknown>>();
  const closing = new AbortController();
  const call = async (request: TuneRequest, context: ToolContext): Promise<Answer> => {
    const { study, wait = true } = request;
    if (running.has(study))
      throw new InvalidArgumentError('study', study, 'a study that no command runs for: wait, or stop it');
    const signal = wait ? AbortSignal.any([context.signal, closing.signal]) : closing.signal;
    const begun = begin(calls, allowed, request);
    const run = begun.then((start) => start({ ...context, signal }));
    const ended = run.catch(() => undefined).finally(() => running.delete(study));
    running.set(study, ended);
    if (wait) return run;
    await begun;
    run.catch(onError);
    return { ok: true, study, running: true };
  };
  return {
    tool: studyTool({
      name: 'tune',
      description: 'Evaluates trials of a study by a command that the user allowed, and tells their values',
      schema: schemaOf(allowed.commands),
      effects: runs,
      call,
    }),
    async close() {
      closing.abort();
      await Promise.all(running.values());
    },
  };
}

/** What is wrong with the request is thrown before anything runs. */
async function begin(calls: StudyCalls, allowed: AllowedCommands, request: TuneRequest) {
  const { study: name, command, metric, timeout, trials, concurrency = 1 } = request;
  const { space, goal, facts } = await calls.call({ path: studyPath(name) });
  const parameters = allowed.parameters(command);
  checkAllowedSpace(space as Readonly<Record<string, unknown>>, parameters);
  const { objectives, cost } = goal as { readonly objectives?: readonly Objective[]; readonly cost?: string };
  const names = parameters.map(({ name: parameter }) => parameter);
  // What `create` said, where the study is of a server.
  const { pruner } = ((facts as Answer | undefined)?.['server'] ?? {}) as { readonly pruner?: PrunerName };
  const evaluate = allowed.objective(command, { names, metric, timeout, objectives, cost, pruner });
  const objective: ObjectiveFunction<Params> = (params, context) => {
    checkAllowedParams(params, parameters);
    return evaluate(params, context);
  };
  // Each run is a worker of its own: the trials of a process that was killed are others', until their leases run out.
  const study = await calls.study(name, `mcp-tune:${crypto.randomUUID()}`);
  const hasComplete = (await trialsOf(calls, name)).some(({ state }) => state === 'complete');
  return async ({ signal, progress }: ToolContext): Promise<Answer> => {
    const failing = new AbortController();
    const limit = failureLimit({ hasComplete });
    let failures: string | undefined;
    const result = await optimize(study, objective, {
      ...{ trials, concurrency: Math.min(concurrency, trials) },
      signal: AbortSignal.any([signal, failing.signal]),
      onTrial: (trial) => {
        progress(trial.number + 1, trials, `trial ${trial.number} is ${trial.state}`);
        failures ??= limit.ended(trial);
        if (failures !== undefined) failing.abort();
      },
    });
    const { trial } = await calls.call({ path: studyPath(name, 'best') });
    return {
      study: name,
      ...result,
      ...(failures === undefined
        ? await endOf(calls, { name, trials, result })
        : { stopped: 'failures', reason: failures }),
      best: toolTrial(trial),
    };
  };
}

/** Why the run has ended, where it is another reason than `optimize` can see. */
async function endOf(
  calls: StudyCalls,
  {
    name,
    trials,
    result,
  }: { readonly name: string; readonly trials: number; readonly result: OptimizeResult },
): Promise<Answer> {
  if (result.stopped !== 'trials') return {};
  const all = await trialsOf(calls, name);
  const ended = all.filter(({ state, loaded }) => state !== 'running' && loaded !== true).length;
  if (ended >= trials) return {};
  const { stopped } = await calls.call({ path: studyPath(name) });
  return stopped === true
    ? { stopped: 'stop', reason: `the study was stopped: ${ended} of ${trials} trials have ended` }
    : { reason: `${ended} of ${trials} trials have ended, the others are with other workers` };
}

async function trialsOf(calls: StudyCalls, name: string) {
  const { trials } = await calls.call({ path: studyPath(name, 'trials') });
  return trials as readonly { readonly state: string; readonly loaded?: boolean }[];
}
