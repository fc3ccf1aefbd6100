/** Studies for the dashboard's tests: of real samplers with a clock of their own, and a long one written as a log. */
import { cellSampler, cellSpace, type ScoreMatrix } from '@foothold/checkpoints';
import { type Params, type Storage, type Study, type StudyEvent, seeded } from '@foothold/core';
import { spaceOf } from '@foothold/space';
import { studyRecord } from '@foothold/study';
import {
  categorical,
  createStudy,
  integer,
  logUniform,
  memoryStorage,
  multiFidelity,
  pruners,
  searchSpace,
  uniform,
} from 'foothold';
import { awkwardLog } from './awkward-log.ts';
import { piecesStudy } from './pieces-study.ts';

/** 3 September 2026, 9:00 UTC, in milliseconds since 1970. */
export const beginning = Date.UTC(2026, 8, 3, 9);

const network = searchSpace({
  learning_rate: logUniform(1e-5, 1e-1),
  hidden_units: integer(16, 512),
  activation: categorical('relu', 'gelu', 'tanh'),
  dropout: uniform(0, 0.6),
});

/** Loss of a made-up network after each of ten epochs. */
function lossCurve(params: Params, noise: number): readonly number[] {
  const rate = Math.log10(Number(params['learning_rate']));
  const final =
    0.08 +
    0.09 * (rate + 2.8) ** 2 +
    0.12 * Math.abs(Number(params['hidden_units']) / 512 - 0.55) +
    0.25 * (Number(params['dropout']) - 0.2) ** 2 +
    (params['activation'] === 'tanh' ? 0.05 : 0) +
    0.01 * noise;
  return Array.from(
    { length: 10 },
    (_, epoch) => final + (0.9 - 0.4 * final) * Math.exp(-0.45 * (epoch + 1)),
  );
}

/** What a made-up evaluation of the network does after it began: reports, and how it ends. */
interface Evaluation {
  readonly trial: { readonly number: number; readonly params: Params };
  readonly curve: readonly number[];
  readonly seconds: number;
  readonly fails: boolean;
  /** Sets the clock forward by so many seconds. */
  wait(seconds: number): void;
}

async function evaluate(study: Study, { trial, curve, seconds, fails, wait }: Evaluation): Promise<void> {
  if (fails) {
    wait(4);
    const reason = 'RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB';
    return study.tell(trial.number, { state: 'failed', reason });
  }
  for (const [epoch, loss] of curve.entries()) {
    wait(seconds / curve.length);
    if ((await study.report(trial.number, epoch + 1, loss)) === 'prune')
      return study.tell(trial.number, { state: 'pruned' });
  }
  const metrics = { seconds, megabytes: Number(trial.params['hidden_units']) / 3 };
  await study.tell(trial.number, { state: 'complete', value: curve.at(-1)!, metrics });
}

/** Trials of a smaller network, as an earlier study. */
function earlierTrials() {
  return Array.from({ length: 14 }, (_, i) => {
    const params = {
      learning_rate: 10 ** -(1.2 + 0.25 * i),
      hidden_units: 32 + 34 * i,
      activation: 'relu',
      dropout: 0.04 * i,
    } as const;
    return { params, value: lossCurve(params, 0).at(-1)! + 0.1 };
  });
}

/** A study of three workers with an earlier study, reports, pruned and failed trials, notes and attributes. */
export async function networkStudy(storage: Storage, name: string, trials = 36): Promise<void> {
  let now = beginning;
  const rng = seeded(name);
  const earlier = earlierTrials();
  const open = (owner: string) =>
    createStudy({
      ...{
        space: network,
        storage,
        name,
        seed: 3,
        direction: 'minimize',
        trials,
        pruner: pruners.medianPruner(),
      },
      ...{
        transfer: [{ name: 'small network', trials: earlier }],
        clock: () => now,
        lease: { owner, ms: 3_600_000 },
      },
    });
  const workers = ['gpu-box:101', 'gpu-box:102', 'laptop:77'].map(open);
  const free = workers.map((_, i) => beginning + 5000 * i);
  await workers[0]!.note(undefined, {
    note: 'Second attempt, with the fixed data loader.',
    attributes: { dataset: 'digits', commit: 'a1b2c3d' },
  });
  for (let k = 0; k < trials; k++) {
    const w = free.indexOf(Math.min(...free));
    now = free[w]!;
    const trial = await workers[w]!.ask();
    const evaluation = {
      ...{ trial, curve: lossCurve(trial.params, rng.next() - 0.5), fails: k % 11 === 7 },
      seconds: 20 + trial.params.hidden_units / 8,
      wait(seconds: number) {
        now += 1000 * seconds;
      },
    };
    await evaluate(workers[w]!, evaluation);
    if (k === 5)
      await workers[w]!.note(trial.number, {
        note: 'Loss was still falling.',
        attributes: { host: 'gpu-box' },
      });
    free[w] = now + (w === 2 ? 40_000 : 2000);
  }
  now = Math.max(...free);
  await workers[1]!.ask();
}

/** A study with two objectives, a limit on the outcome, and a cost; one of another length has another seed. */
export async function trafficStudy(storage: Storage, name: string, trials = 40): Promise<void> {
  let now = beginning;
  const study = await createStudy({
    ...{
      space: searchSpace({
        width: uniform(0.2, 2),
        depth: integer(2, 20),
        quantized: categorical(true, false),
      }),
      storage,
      name,
      seed: trials === 40 ? 5 : trials,
    },
    objectives: [
      { metric: 'value', direction: 'minimize' },
      { metric: 'latency', direction: 'minimize' },
    ],
    ...{
      constraints: [{ metric: 'megabytes', atMost: 60 }],
      cost: 'dollars',
      clock: () => now,
      lease: { owner: 'server:9' },
    },
  });
  for (let k = 0; k < trials; k++) {
    const { number, params } = await study.ask();
    now += 30_000 + 4000 * params.depth;
    const size = params.width * params.depth;
    const metrics = {
      latency: 2 + 1.2 * size * (params.quantized ? 0.5 : 1),
      megabytes: 5 * size * (params.quantized ? 0.5 : 1),
      dollars: 0.1 + 0.02 * size,
    };
    await study.tell(number, {
      state: 'complete',
      value: 0.1 + 1 / (1 + size) + (params.quantized ? 0.03 : 0),
      metrics,
    });
  }
}

/** The log of a long study: parameters at random around a moving best. */
export function longLog(trials: number, seed = 1): readonly StudyEvent[] {
  const rng = seeded(seed);
  const space = searchSpace({
    learning_rate: logUniform(1e-5, 1e-1),
    weight_decay: logUniform(1e-6, 1e-2),
    layers: integer(1, 12),
    width: integer(16, 1024),
    optimizer: categorical('sgd', 'adam', 'lion'),
    dropout: uniform(0, 0.6),
  });
  const events: StudyEvent[] = [
    {
      type: 'created',
      space: space.description!,
      goal: { direction: 'minimize' },
      seed,
      format: 2,
      at: beginning,
    },
    { type: 'configured', sampler: { name: 'random' }, program: 'foothold', at: beginning },
  ];
  for (let number = 0; number < trials; number++) {
    const at = beginning + 1000 * number;
    const params = {
      learning_rate: 10 ** -(1 + 4 * rng.next()),
      weight_decay: 10 ** -(2 + 4 * rng.next()),
      layers: 1 + Math.floor(12 * rng.next()),
      width: 16 + Math.floor(1009 * rng.next()),
      optimizer: ['sgd', 'adam', 'lion'][Math.floor(3 * rng.next())]!,
      dropout: 0.6 * rng.next(),
    };
    const value =
      0.1 +
      0.2 * (Math.log10(params.learning_rate) + 3) ** 2 +
      0.02 * Math.abs(params.layers - 6) +
      0.05 * rng.next();
    const outcome =
      number % 97 === 13
        ? { state: 'failed' as const, reason: 'diverged' }
        : { state: 'complete' as const, value };
    events.push(
      {
        type: 'asked',
        number,
        params,
        lease: { owner: `node-${number % 4}:1` },
        why: { sampler: 'random' },
        at,
      },
      { type: 'told', number, outcome, at: at + 3600 },
    );
  }
  return events;
}

/** Checkpoints of a training run, every third evaluation of which has been done: the scores of nine benchmarks. */
export const checkpoints: ScoreMatrix = {
  rows: Array.from({ length: 24 }, (_, i) => ({
    name: `checkpoint-${500 * (i + 1)}`,
    position: 500 * (i + 1),
  })),
  columns: [
    'arithmetic',
    'code',
    'facts',
    'law',
    'medicine',
    'physics',
    'reading',
    'summaries',
    'translation',
  ],
  seed: 4,
};

/** Score of a made-up checkpoint: best at the fifteenth, each benchmark with a peak and a level of its own. */
export function scoreOf({ row, column }: Params): number {
  const i = checkpoints.rows.findIndex((option) => nameOf(option) === row);
  const j = checkpoints.columns.indexOf(String(column));
  return 40 + 4 * j - 0.06 * (i - 14 + ((j * 5) % 7) - 3) ** 2 + Math.sin(7 * i + 3 * j);
}

const nameOf = (option: ScoreMatrix['rows'][number]) =>
  typeof option === 'object' ? option.name : String(option);

/** A study of the checkpoints with so many cells told, one that failed, and one that runs; what goes on with it. */
export async function checkpointsStudy(storage: Storage, name: string, cells = 40) {
  let now = beginning;
  const study = createStudy({
    ...{ space: spaceOf(cellSpace(checkpoints)), sampler: cellSampler(checkpoints), direction: 'maximize' },
    ...{ storage, name, seed: 0, clock: () => now, lease: { owner: 'gpu-box:101', ms: 3_600_000 } },
  } as const);
  const evaluated = async (count: number) => {
    for (let k = 0; k < count; k++) {
      const { number, params } = await study.ask();
      now += 45_000;
      await study.tell(
        number,
        k === 5
          ? { state: 'failed', reason: 'the checkpoint has no such file' }
          : { state: 'complete', value: scoreOf(params) },
      );
    }
  };
  await evaluated(cells);
  const facts = { run: 'python score.py {row} {column}', matrix: JSON.parse(JSON.stringify(checkpoints)) };
  await studyRecord(storage, name, { clock: () => now }).describe(facts);
  await study.ask();
  return { evaluated };
}

/** Markup that runs a script where a text becomes HTML. */
export const markup = `<img src=x onerror="globalThis.executed=1"><script>globalThis.executed=1</script>`;

/** The log of a study in which every text that a log can hold is markup. */
export function markupLog(): readonly StudyEvent[] {
  const lease = { owner: `${markup}:1` };
  const space = {
    [markup]: { type: 'real', low: 0, high: 1 },
    choice: { type: 'categorical', choices: [markup, 'plain'] },
  } as const;
  const why = {
    sampler: markup,
    reason: markup,
    stage: markup,
    transfer: { method: markup, sources: [{ name: markup, weight: 0.5 }], gate: 0.5 },
    unused: { [markup]: [markup] },
  };
  const goal = { direction: 'minimize', constraints: [{ metric: markup, atMost: 2 }] } as const;
  const events: StudyEvent[] = [
    { type: 'created', space, goal, seed: 1, format: 2, at: beginning },
    { type: 'configured', sampler: { name: markup }, program: markup, at: beginning },
    { type: 'described', facts: { metric: markup, command: markup }, at: beginning },
    { type: 'noted', note: markup, attributes: { [markup]: markup }, at: beginning },
  ];
  for (let number = 0; number < 12; number++) {
    const at = beginning + 1000 * number;
    const params = { [markup]: number / 12, choice: number % 2 ? markup : 'plain' };
    events.push({ type: 'asked', number, params, lease, why, at });
    events.push({ type: 'reported', number, step: 1, value: number, at: at + 100 });
    const outcome =
      number % 3 === 2
        ? { state: 'failed' as const, reason: markup }
        : { state: 'complete' as const, value: number / 7, metrics: { [markup]: number / 4 } };
    events.push({ type: 'told', number, outcome, at: at + 500 });
    events.push({ type: 'noted', number, note: markup, attributes: { [markup]: markup }, at: at + 600 });
  }
  return events;
}

const rates = searchSpace({ learning_rate: logUniform(1e-5, 1e-1), dropout: uniform(0, 0.6) });

/** A study of one network trained for 1, 3 or 9 epochs: fewer epochs give a smaller loss, and not that of the target. */
export async function fidelitiesStudy(storage: Storage, name: string, budget = 60): Promise<void> {
  let now = beginning;
  await multiFidelity({
    ...{ space: rates, storage, name, seed: 2, budget, fidelityName: 'epochs', clock: () => now },
    fidelities: [{ fidelity: 1 }, { fidelity: 3 }, { fidelity: 9 }],
    evaluate: ({ learning_rate, dropout }, { fidelity }) => {
      now += 20_000 * fidelity;
      return (
        0.1 + 0.05 * fidelity + (Math.log10(learning_rate) + 2.5 + 1 / fidelity) ** 2 / 4 + dropout ** 2 / 2
      );
    },
  });
}

/** All of them in memory. */
export async function exampleStudies(longTrials = 10_000): Promise<Storage> {
  const storage = memoryStorage();
  await networkStudy(storage, 'digits-large-network');
  await networkStudy(storage, 'digits-again', 18);
  await trafficStudy(storage, 'error-and-latency');
  await trafficStudy(storage, 'error-and-latency-again', 47);
  await piecesStudy(storage, 'pieces-of-27-epochs');
  await checkpointsStudy(storage, 'checkpoints-of-run-7');
  await fidelitiesStudy(storage, 'epochs-1-3-9');
  storage.append('ten-thousand', 0, longLog(longTrials));
  storage.append('markup', 0, markupLog());
  storage.append('not-begun', 0, longLog(0));
  storage.append('awkward', 0, awkwardLog());
  return storage;
}
