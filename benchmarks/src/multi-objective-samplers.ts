/** Samplers of two objectives behind one pair of calls: ours in this process, Optuna's in one of Python. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { logExpectedImprovement, qLogNoisyExpectedHypervolumeImprovement } from '@foothold/acquisitions';
import { type Params, type Sampler, type SearchSpace, seeded, type Trial } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { bayesian, multiObjectiveModel, nsga2, random } from '@foothold/samplers';
import { type ParameterSpace, searchSpace, uniform } from '@foothold/space';
import { autoSampler } from 'foothold';

/** One run: points of the unit cube, and the seconds that the sampler took so far. */
export interface Run {
  ask(): Promise<readonly number[]>;
  tell(values: readonly [number, number]): Promise<void>;
  readonly seconds: () => number;
}

export interface RunOptions {
  readonly dimensions: number;
  readonly seed: number;
  readonly trials: number;
}

/** Ours by name. `foothold` is the default, the others its alternatives: with more than 20 columns it takes the whole space and the trust region in turn. */
const samplers: Readonly<Record<string, (space: SearchSpace) => Promise<Sampler>>> = {
  foothold: async () => autoSampler(),
  'foothold-scalarized': async () => autoSampler({ acquisition: logExpectedImprovement() }),
  'foothold-noisy': async ({ columns }) =>
    bayesian({
      surrogate: gaussianProcess({ columns, linalg: await wasm() }),
      acquisition: logExpectedImprovement(),
      multiObjective: multiObjectiveModel(qLogNoisyExpectedHypervolumeImprovement()),
    }),
  'foothold-whole-space': async () => autoSampler({ searchScope: 'whole-space' }),
  'foothold-trust-region': async () => autoSampler({ searchScope: 'trust-region' }),
  nsga2: async () => nsga2(),
  random: async () => random(),
};

export const ownNames = Object.keys(samplers);
export const optunaNames = ['optuna-gp', 'optuna-tpe', 'optuna-nsga2'];

const objectives = [
  { metric: 'value', direction: 'minimize' },
  { metric: 'second', direction: 'minimize' },
] as const;

/** A run of one of `ownNames`. */
export async function ownRun(
  name: string,
  { dimensions, seed, trials: plannedTrials }: RunOptions,
): Promise<Run> {
  const space = searchSpace(
    Object.fromEntries(Array.from({ length: dimensions }, (_, i) => [`x${i}`, uniform(0, 1)])),
  ) as ParameterSpace;
  const sampler = await samplers[name]!(space);
  const trials: Trial[] = [];
  let open: Pick<Trial, 'params' | 'samplerState'> | undefined;
  let seconds = 0;
  return {
    async ask() {
      const start = performance.now();
      const [made] = await sampler.sample<Params>({
        ...{ space, objectives, trials, plannedTrials, direction: 'minimize', count: 1 },
        rng: seeded(seed).fork(trials.length),
      });
      seconds += (performance.now() - start) / 1000;
      open = made!;
      return Object.values(made!.params) as number[];
    },
    async tell([value, second]) {
      const { params, samplerState } = open!;
      trials.push({
        ...{ number: trials.length, params, reports: [], state: 'complete', value },
        metrics: { second },
        ...(samplerState && { samplerState }),
      });
    },
    seconds: () => seconds,
  };
}

/** The process of Python that Optuna's runs share. */
export class OptunaProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  version: string | undefined;

  constructor(python: string) {
    this.#child = spawn(python, [join(import.meta.dirname, 'multi-objective-optuna.py')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // What Optuna's documentation advises for GPSampler.
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    });
    this.#reader = createInterface({ input: this.#child.stdout! });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async #call(request: object): Promise<{ readonly seconds: number; readonly point: readonly number[] }> {
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
    const line = await this.#lines.next();
    if (line.done) throw new Error('the process of Optuna ended');
    const answer = JSON.parse(line.value);
    this.version = answer.version;
    return answer;
  }

  /** A run of one of `optunaNames`. One at a time. */
  async run(name: string, { dimensions, seed }: RunOptions): Promise<Run> {
    let { seconds } = await this.#call({ create: name, dimensions, seed });
    const timed = async (request: object) => {
      const answer = await this.#call(request);
      seconds += answer.seconds;
      return answer;
    };
    return {
      ask: async () => (await timed({ ask: true })).point,
      async tell(values) {
        await timed({ tell: values });
      },
      seconds: () => seconds,
    };
  }

  close(): void {
    this.#child.stdin!.end();
    this.#reader.close();
  }
}
