import { beliefOf, observe } from './belief.ts';
import type { Belief } from './belief-state.ts';
import { fitModel } from './fit-model.ts';
import { type ModelForm, startTheta } from './hyperparameters.ts';
import type { CellIndex } from './initial-cells.ts';
import type { ModelOptions } from './options.ts';
import { solve } from './score-model.ts';
import { type ScoreUnits, scoreUnits } from './score-units.ts';
import type { ModelProblem } from './solved-model.ts';
import type { ScoreProblem } from './validated.ts';

/** A score that is known, as it is. */
export interface KnownCell extends CellIndex {
  readonly value: number;
}

/** Which model was fitted, to how many of the known cells: with the cells in their order, it determines the belief to the bit. */
export interface FitRecord {
  readonly cells: number;
  readonly form: ModelForm;
  readonly theta: readonly number[];
  readonly degree: number;
  /** Cells at the last comparison of forms. */
  readonly compared: number;
}

/** A belief with the units that convert standardized scores to scores. */
export interface FittedBelief {
  readonly belief: Belief;
  readonly units: ScoreUnits;
  readonly fit: FitRecord;
  /** Weight of a score (oriented) of each column in the target. */
  readonly scoreWeights: Float64Array;
  /** Σ_j scoreWeights_j·centre_j: what the standardized targets leave out. */
  readonly constant: number;
}

/** Hyperparameters are fitted again when the cells have grown by this factor. */
const refitGrowth = 1.12;
/** Up to here every cell counts: units made from one or two scores are no evidence of the next. */
const alwaysRefitCells = 12;

export function fitIsDue(cells: number, fit: FitRecord | undefined): boolean {
  if (fit && fit.cells < alwaysRefitCells) return cells > fit.cells;
  return !fit || cells >= Math.max(fit.cells * refitGrowth, fit.cells + 4);
}

/** Fits the model to the cells, starting from the last fit, and says what was found. */
export function refit(
  problem: ScoreProblem,
  cells: readonly KnownCell[],
  options: { readonly previous: FitRecord | undefined; readonly model: ModelOptions },
): FitRecord {
  const { previous, model } = options;
  const m = problem.columnNames.length;
  const forms = formsOf(problem, model);
  const first = forms[0]!;
  if (cells.length < 3)
    return { cells: cells.length, form: first, theta: [...startTheta(m, first)], degree: 0, compared: 0 };
  // Forms are compared when there are three cells a column, and whenever the cells have doubled since.
  const compare = cells.length >= 3 * m && cells.length >= 2 * (previous?.compared ?? 0);
  const fitted = fitModel(standardized(problem, cells, scoreUnits(oriented(problem, cells), problem.sign)), {
    forms: compare ? forms : [previous?.form ?? first],
    previous: previous && { form: previous.form, theta: Float64Array.from(previous.theta) },
    maxDegree: model.maxDegree ?? 12,
    iterations: previous ? 12 : 40,
  });
  return {
    cells: cells.length,
    form: fitted.form,
    theta: [...fitted.theta],
    degree: fitted.degree,
    compared: compare ? cells.length : (previous?.compared ?? 0),
  };
}

/** The belief of a fit, given all cells: solved for those it was fitted to, then one by one, as it was built the first time. */
export function beliefFrom(problem: ScoreProblem, cells: readonly KnownCell[], fit: FitRecord): FittedBelief {
  const before = cells.slice(0, fit.cells);
  const units = scoreUnits(oriented(problem, before), problem.sign);
  const theta = Float64Array.from(fit.theta);
  const base = { ...standardized(problem, before, units), form: fit.form };
  const solved = solve(base, theta) ?? solve(base, startTheta(problem.columnNames.length, fit.form))!;
  const scoreWeights = problem.weights.map((w, j) => {
    if (!problem.normalize) return w;
    let spread = solved.ownVariance[j]! + solved.nugget[j]!;
    for (let r = 0; r < fit.form.rank; r++) spread += solved.loadings[j * fit.form.rank + r]! ** 2;
    return w / (units.unit[j]! * Math.sqrt(spread));
  });
  const belief = beliefOf(solved, {
    weights: scoreWeights.map((w, j) => w * units.unit[j]!),
    filter: problem.filter,
  });
  for (const cell of cells.slice(fit.cells)) observe(belief, cell, standardScore(problem, units, cell));
  // Normalized scores are counted from the columns' centres: their own constant means nothing.
  const constant = problem.normalize ? 0 : scoreWeights.reduce((sum, w, j) => sum + w * units.centre[j]!, 0);
  return { belief, units, fit, scoreWeights, constant };
}

/** (sign·value − centre)/unit of a cell's column. */
export function standardScore(problem: ScoreProblem, units: ScoreUnits, cell: KnownCell): number {
  return (problem.sign[cell.column]! * cell.value - units.centre[cell.column]!) / units.unit[cell.column]!;
}

function oriented(problem: ScoreProblem, cells: readonly KnownCell[]): number[][] {
  const values: number[][] = problem.columnNames.map(() => []);
  for (const { column, value } of cells) values[column]!.push(problem.sign[column]! * value);
  return values;
}

function standardized(
  problem: ScoreProblem,
  cells: readonly KnownCell[],
  units: ScoreUnits,
): Omit<ModelProblem, 'form'> {
  const columns = problem.columnNames.map((_, j) => ({
    rows: [] as number[],
    z: [] as number[],
    noise: problem.noise[j]! / units.unit[j]! ** 2,
  }));
  for (const cell of cells) {
    columns[cell.column]!.rows.push(cell.row);
    columns[cell.column]!.z.push(standardScore(problem, units, cell));
  }
  return { rows: problem.rowNames.length, columns, distance: problem.distance };
}

/** The forms to choose among, the safest first. */
function formsOf(problem: ScoreProblem, model: ModelOptions): readonly ModelForm[] {
  const m = problem.columnNames.length;
  const R = problem.rowNames.length;
  const eta = model.eta ?? 1;
  const rank = Math.max(1, Math.min(4, m - 1, Math.max(2, Math.round((model.rankFraction ?? 0.03) * m))));
  const additive: ModelForm = { rank: 1, separable: false, smoothness: 2.5, eta };
  const coregionalized: ModelForm = { rank, separable: true, smoothness: 2.5, eta };
  if (model.form === 'additive') return [additive];
  if (model.form === 'coregionalized') return [coregionalized];
  // Beyond a few hundred latent values a second factor costs more time than a step has.
  return rank > 1 && rank * R <= 300 && m > 3 ? [additive, coregionalized] : [additive];
}
