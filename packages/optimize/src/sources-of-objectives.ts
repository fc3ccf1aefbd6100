/** Earlier studies for a new one of several objectives. */
import {
  type Dataset,
  figureOf,
  type Objective,
  type Params,
  type PriorTask,
  rankedTrials,
  type SearchSpace,
  smallestOf,
} from '@foothold/core';
import { objectiveData } from '@foothold/samplers';
import { type MappedTrials, mapTrialsToSpace } from '@foothold/space';
import { asTrial } from './mapped-sources.ts';
import { namedSources } from './named-sources.ts';
import type { TransferOptions } from './transfer-options.ts';

/** An earlier study; all tasks are in the unit cube of the new one, to be maximized. */
export interface SourceOfObjectives {
  readonly name: string;
  readonly weight?: number | undefined;
  /** Of each objective that the study has a figure of, by metric. */
  readonly tasks: ReadonlyMap<string, PriorTask>;
  /** Minus the rank of each trial among the others, by front and crowding distance. */
  readonly ranks: PriorTask;
  /** The smallest share of its range that a trial reached in any objective, and a twentieth of their sum: largest amid the front. */
  readonly compromise: PriorTask;
  /** What of the study could not be used: sentences. */
  readonly unused: readonly string[];
}

/** Weight of the sum in an augmented Chebyshev norm (Knowles 2006). */
const sumWeight = 0.05;

/**
 * The earlier studies with a task for each objective of the new one. The value of a source has the direction of its study; a metric is the
 * same figure in both, and has the objective's.
 */
export async function sourcesOfObjectives(
  space: SearchSpace,
  objectives: readonly Objective[],
  transfer: NonNullable<TransferOptions['transfer']>,
): Promise<readonly SourceOfObjectives[]> {
  const direction = (objectives.find(({ metric }) => metric === 'value') ?? objectives[0]!).direction;
  return (await namedSources(transfer, direction)).map((given): SourceOfObjectives => {
    const { name, metaFeatures, weight } = given;
    const mapped = mapTrialsToSpace(space as SearchSpace<Params>, { trials: given.trials.flatMap(asTrial) });
    const known = objectives
      .map(({ metric, ...rest }) => ({
        metric,
        ...rest,
        ...(metric === 'value' && { direction: given.direction }),
      }))
      .map((objective) => ({ objective, ...dataOf(mapped, objective) }))
      .filter(({ regular }) => regular > 0);
    const missing = objectives.filter(
      ({ metric }) => !known.some(({ objective }) => objective.metric === metric),
    );
    const task = (data: Dataset): PriorTask => ({
      ...{ name, data },
      ...(metaFeatures && { metaFeatures }),
      ...(weight !== undefined && { weight }),
    });
    return {
      ...{ name, weight },
      tasks: new Map(known.map(({ objective, data }) => [objective.metric, task(data)])),
      ranks: task(
        ranksOf(
          mapped,
          known.map(({ objective }) => objective),
        ),
      ),
      compromise: task(compromiseOf(known.map(({ data }) => data))),
      unused: [
        ...(given.unused ?? []),
        ...mapped.warnings,
        ...known.flatMap((each) => irregularRemarks(mapped, each, given.trials.length)),
        ...missing.map(
          ({ metric }) => `${metric}: no trial has it, so that it has no information on this objective`,
        ),
      ],
    };
  });
}

/** The objective in the mapped trials, how many of them have a regular value of it, and the worst of these where there are outliers. */
function dataOf({ rows, trials }: MappedTrials, objective: Objective) {
  const { data, irregular, outlierBound } = objectiveData({ space: rows, trials }, objective);
  return { data, regular: data.y.length - irregular, outlierBound };
}

/** Which complete ones of the `total` trials count as failures in this objective. */
function irregularRemarks(
  { trials }: MappedTrials,
  {
    objective: { metric, direction },
    outlierBound = -Infinity,
  }: { readonly objective: Objective; readonly outlierBound: number | undefined },
  total: number,
): readonly string[] {
  const figures = trials.flatMap((trial) => (trial.state === 'complete' ? [figureOf(trial, metric)] : []));
  const [side, sign] = direction === 'minimize' ? ['above', -1] : ['below', 1];
  const unknown = figures.filter((v) => !Number.isFinite(v)).length;
  const far = figures.filter((v) => Number.isFinite(v) && sign * v < outlierBound).length;
  const remark = (which: string, count: number) =>
    count > 0 ? [`${metric}: values ${which} count as failures (${count} of ${total})`] : [];
  return [
    ...remark('that are missing or not finite', unknown),
    ...remark(`far ${side} ${sign * outlierBound}`, far),
  ];
}

function ranksOf({ rows, trials }: MappedTrials, objectives: readonly Objective[]): Dataset {
  if (objectives.length === 0)
    return { x: { rows: 0, columns: rows.columns.length, data: new Float64Array() }, y: new Float64Array() };
  const ranks = new Map(
    rankedTrials(trials, { direction: objectives[0]!.direction, objectives }).map(({ trial }, i) => [
      trial.number,
      -i,
    ]),
  );
  const { data } = objectiveData({ space: rows, trials }, objectives[0]!);
  // The rows are those of every objective: the finished trials.
  const y = trials.map(({ number }) => ranks.get(number) ?? -trials.length);
  return { x: data.x, y: Float64Array.from(y) };
}

/** The rows are those of every objective. */
function compromiseOf(all: readonly Dataset[]): Dataset {
  const first = all[0];
  if (!first) return { x: { rows: 0, columns: 0, data: new Float64Array() }, y: new Float64Array() };
  const shares = all.map(({ y }) => {
    const low = y.reduce((a, b) => Math.min(a, b), Infinity);
    const range = y.reduce((a, b) => Math.max(a, b), -Infinity) - low;
    return y.map((v) => (range > 0 ? (v - low) / range : 1));
  });
  const y = first.y.map((_, i) => {
    const each = shares.map((share) => share[i]!);
    return smallestOf(each) + sumWeight * each.reduce((a, b) => a + b);
  });
  return { x: first.x, y };
}
