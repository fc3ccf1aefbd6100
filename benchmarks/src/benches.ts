import type { BenchOptions } from './bench-options.ts';

type Bench = (options: BenchOptions) => Promise<void>;

/** Every benchmark by its name. Each is loaded only when it is asked for. */
export const benches: Readonly<
  Record<string, { readonly about: string; readonly load: () => Promise<Bench> }>
> = {
  'first-run': {
    about:
      'what npm start shows, ten seeds: stock settings, random search, cold start, small to large on digits',
    load: async () => (await import('./first-run.ts')).firstRun,
  },
  'first-ask': {
    about:
      "the first suggestion of the built ask-tell beside Optuna's GPSampler, 10 and 50 trials: wait and processor time, cold, at once, after a pause (FOOTHOLD_PYTHON)",
    load: async () => (await import('./first-ask.ts')).firstAsk,
  },
  regret: {
    about: 'best-so-far curves of the default sampler beside Sobol and the recorded peers',
    load: async () => (await import('./regret.ts')).regret,
  },
  acquisitions: {
    about:
      'acquisitions beside each other on the ten tasks and BBOB (FOOTHOLD_PYTHON with ioh): mean rank, log regret, time',
    load: async () => (await import('./acquisitions.ts')).acquisitions,
  },
  columns: {
    about:
      "50, 100 and 300 columns, 300 trials, beside Optuna's CMA-ES and TPE and TuRBO-1 on BoTorch: mean rank, log gap, time (FOOTHOLD_PYTHON)",
    load: async () => (await import('./columns.ts')).columns,
  },
  linalg: {
    about: 'each backend that loads: Cholesky, solve, product, evidence at n = 100 … 4,000',
    load: async () => (await import('./linalg.ts')).linalg,
  },
  transfer: {
    about:
      'tables of tasks × settings, leave one task out: nine methods, never-worse ratios, time with many sources',
    load: async () => (await import('./transfer.ts')).transfer,
  },
  'small-to-large': {
    about: 'epoch 5 to epoch 52 on the LCBench surrogate: given small histories, own, cold, misleading',
    load: async () => (await import('./small-to-large.ts')).smallToLarge,
  },
  'few-sources': {
    about:
      'one earlier study of 21 evaluations before ten large ones, all 35 LCBench tasks, beside a cold start and MultiTaskGP (FOOTHOLD_PYTHON with botorch)',
    load: async () => (await import('./few-sources.ts')).fewSources,
  },
  scales: {
    about:
      'epochs 5, 15 and 52 as scales of one run on LCBench: regret by cost, two stages and cold beside it',
    load: async () => (await import('./scales.ts')).scales,
  },
  pruning: {
    about:
      'epochs on LCBench curves to the regret that no pruning reaches, beside the pruners of Optuna (FOOTHOLD_PYTHON)',
    load: async () => (await import('./pruning.ts')).pruning,
  },
  curves: {
    about:
      'learning curves of LCBench, 20 full trainings: regret at every tenth, freeze–thaw beside full, ASHA, BOHB, Optuna (FOOTHOLD_PYTHON)',
    load: async () => (await import('./curves.ts')).curves,
  },
  'curve-models': {
    about: 'kernels of learning curves on LCBench: log predictive density of the end of a training',
    load: async () => (await import('./curve-models.ts')).curveModels,
  },
  checkpoints: {
    about: 'regret of the named checkpoint by share of the cells, stop rule, time of a step',
    load: async () => (await import('./checkpoints.ts')).checkpoints,
  },
  nasty: {
    about: 'every sampler on 10,000 nasty histories: exceptions, invalid suggestions, duplicates',
    load: async () => (await import('./nasty.ts')).nasty,
  },
  replay: {
    about: 'parallel runs made again from their logs: how many suggestions differ',
    load: async () => (await import('./replay.ts')).replay,
  },
  adviser: {
    about:
      'what a language model as adviser gains and costs, with fakes that are informed, useless or malicious',
    load: async () => (await import('./adviser.ts')).adviser,
  },
  'llambo-loop': {
    about:
      "the loop of LLAMBO's authors beside ours on the same recorded replies: who ends, what prompts show",
    load: async () => (await import('./llambo-loop/llambo-loop.ts')).llamboLoop,
  },
  completions: {
    about:
      'requests and tokens of 100 callers under the limits of a language model: fullest window, share of the ceiling',
    load: async () => (await import('./completions.ts')).completions,
  },
  outliers: {
    about: 'regret with penalties on a part of the space, told as values and told as failures',
    load: async () => (await import('./outliers.ts')).outliers,
  },
  studies: {
    about:
      'each storage: ask and tell by number of trials beside Optuna, opening, several processes, kills, damaged copies',
    load: async () => (await import('./studies.ts')).studies,
  },
  server: {
    about: 'an HTTP server of studies: 1,000 clients for a minute, 100 clients, kills and restarts',
    load: async () => (await import('./server.ts')).server,
  },
  optuna: {
    about:
      'FootholdSampler in Optuna beside its GPSampler and TPESampler: regret, time in the sampler, what the bridge costs (FOOTHOLD_PYTHON)',
    load: async () => (await import('./optuna.ts')).optuna,
  },
  'multi-objective': {
    about:
      "hypervolume of two objectives beside Optuna's GP, TPE and NSGA-II samplers: six problems, ten seeds, time in the sampler (FOOTHOLD_PYTHON)",
    load: async () => (await import('./multi-objective.ts')).multiObjective,
  },
  ray: {
    about:
      'FootholdSearch in Ray Tune beside its OptunaSearch: regret, what a searcher costs a trial (FOOTHOLD_PYTHON)',
    load: async () => (await import('./ray.ts')).ray,
  },
  workers: {
    about:
      'four workers of a job queue, trials of one second: share of busy time beside tune, a minute of kills',
    load: async () => (await import('./workers.ts')).workersBench,
  },
  fleet: {
    about:
      'simulated workers on the real server in virtual time: 1,000,000 trials by 10,000; regret by time of batches and others',
    load: async () => (await import('./fleet.ts')).fleet,
  },
  dashboard: {
    about: 'a long study in the dashboard, beside optuna-dashboard in the same browser (FOOTHOLD_PYTHON)',
    load: async () => (await import('./dashboard.ts')).dashboard,
  },
  'sklearn-search': {
    about:
      'FootholdSearchCV beside the random searches of scikit-learn at the same number of fits, ten seeds',
    load: async () => (await import('./sklearn-search.ts')).sklearnSearch,
  },
  calibration: {
    about:
      'share of held-out values inside the 90 % intervals of the default model, and averaged over hyperparameters, twenty tasks',
    load: async () => (await import('./calibration.ts')).calibration,
  },
};
