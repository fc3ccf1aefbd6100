import { addressOf, goTo, route } from '@foothold/app-dashboard';
import { effect } from '@preact/signals';
import { proxy, type Remote } from 'comlink';
import type { LoadedProgram } from '../objective/objective-messages.ts';
import { type ObjectiveRunner, objectiveRunner } from '../objective/objective-runner.ts';
import { stagesOf, type Workspace } from '../workspace/workspace.ts';
import { fault, outcomeText, runState } from './run-state.ts';
import { studyClient } from './study-client.ts';
import type { TuningHost, TuningResult, TuningService } from './tuning-messages.ts';

let studies: Remote<TuningService> | undefined;
let open: ObjectiveRunner | undefined;

/** Runs the program from where its study stands. Ends when all trials are done, or after `pause`; says what was wrong in `fault`. */
export async function run(of: Workspace): Promise<void> {
  if (runState.value.state !== 'idle') return;
  const { name } = of;
  runState.value = { state: 'starting', name };
  fault.value = undefined;
  outcomeText.value = '';
  try {
    const loaded = await load(of);
    if (!loaded) return;
    refusePaused();
    runState.value = { state: 'running', name };
    // Where a browser grants it, it does not clear the studies when its disk is full.
    void navigator.storage?.persist?.();
    goTo(addressOf.study(loaded.program.hasSmall ? `${name}-small` : name));
    outcomeText.value = sentenceOf(await tune(of, loaded), of);
  } catch (error) {
    if (isPausing()) outcomeText.value = 'Paused.';
    else fault.value = { message: error instanceof Error ? error.message : String(error) };
  } finally {
    open?.stop();
    open = undefined;
    runState.value = { state: 'idle' };
  }
}

/** Throws where the person paused while the program was made ready. */
function refusePaused(): void {
  if (isPausing()) throw new Error('paused');
}

interface Loaded {
  readonly program: LoadedProgram;
  readonly runner: ObjectiveRunner;
}

/** The program in its worker; undefined where it has a fault, which is shown. */
async function load({ code, settings }: Workspace): Promise<Loaded | undefined> {
  const { compile } = await import('../program/compile.ts');
  refusePaused();
  const compiled = compile(code);
  if ('fault' in compiled) {
    fault.value = compiled.fault;
    return undefined;
  }
  const runner = objectiveRunner(compiled.code, settings.seconds > 0 ? settings.seconds : undefined);
  open = runner;
  const loaded = await runner.load();
  if ('program' in loaded) return { program: loaded.program, runner };
  fault.value = loaded.fault;
  return undefined;
}

function tune({ name, code, settings }: Workspace, { program, runner }: Loaded): Promise<TuningResult> {
  const evaluate: TuningHost['evaluate'] = async (request, report) => {
    if (request.stage === 'large' && program.hasSmall) showLarge(name);
    const answer = await runner.evaluate(request, report);
    const { number } = request;
    if ('thrown' in answer) fault.value = { ...answer.thrown, trial: number };
    else if (typeof answer.returned === 'number' && !Number.isFinite(answer.returned))
      fault.value = {
        message: `the objective returned ${answer.returned}; allowed is a finite number`,
        trial: number,
      };
    return answer;
  };
  studies ??= studyClient();
  return studies.run({ name, ...program, settings, program: code }, proxy(evaluate));
}

/** Goes on to the study of the large problem, unless the person looks at something else. */
function showLarge(name: string): void {
  const at = route.value;
  if (at.page === 'study' && at.name === `${name}-small`) goTo(addressOf.study(`${name}-large`, at.view));
}

function sentenceOf({ stopped }: TuningResult, { settings }: Workspace): string {
  if (stopped === 'paused') return 'Paused.';
  return stopped === 'done'
    ? `All ${settings.trials} trials are done. A larger number goes on.`
    : 'Stopped: no trial is complete so far. Run goes on with another point.';
}

/** Reads the state again, which other functions may have set. */
function isPausing(): boolean {
  return runState.value.state === 'pausing';
}

/** Ends the run at once; the trial that runs is evaluated again by the next one. */
export async function pause(): Promise<void> {
  const now = runState.value;
  if (now.state === 'idle' || now.state === 'pausing') return;
  runState.value = { state: 'pausing', name: now.name };
  // First the study is told, so that the trial whose worker ends is given back and not failed.
  if (now.state === 'running') await studies?.pause();
  open?.stop();
  await until(() => runState.value.state === 'idle');
}

/** Resolves when the condition, of signals, holds. */
function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (!holds()) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}

/** Whether the page runs this study, or the stages of which it is one. */
export function isRunning(study: string): boolean {
  const now = runState.value;
  return now.state !== 'idle' && stagesOf(now.name).includes(study);
}
