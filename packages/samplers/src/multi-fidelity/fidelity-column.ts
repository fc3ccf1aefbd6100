/** The column of fidelities, and what the budget and the space allow at each of them. */
import {
  InvalidArgumentError,
  levelOf,
  type Matrix,
  type Params,
  positionOf,
  type SampleRequest,
} from '@foothold/core';
import { type FeasibleCandidates, feasibleCandidates } from '../feasible-candidates.ts';

export interface CostBudget {
  /** Cost of an evaluation at each fidelity, the cheapest first. */
  readonly costs: readonly number[];
  /** What was spent at each fidelity, running trials included. */
  readonly spent: readonly number[];
  /** What may still be spent. */
  readonly remaining: number;
}

/** The column whose levels are the fidelities. */
export interface FidelityColumn {
  readonly index: number;
  readonly levels: number;
  /** The level that every proposal must have, where the request fixes it. */
  readonly fixed: number | undefined;
  readonly levelOf: (point: Float64Array) => number;
  readonly placed: (points: Matrix, level: number) => Matrix;
  readonly position: (level: number) => number;
  /** The parameter's value. */
  readonly valueAt: (level: number) => Params[string];
}

/** Each fidelity has costs and candidates of its own. */
const maxFidelities = 10_000;

/** Throws InvalidArgumentError where the space has no such ordinal column, or one of more than 10,000 levels. */
export function fidelityColumnOf<P extends Params>(request: SampleRequest<P>, name: string): FidelityColumn {
  const { columns } = request.space;
  const index = columns.findIndex((column) => column.name === name);
  const column = columns[index];
  if (column?.kind !== 'ordinal' || columns.length < 2)
    throw new InvalidArgumentError('fidelity', name, 'the name of an ordinal column beside others');
  if (column.levels > maxFidelities)
    throw new InvalidArgumentError(
      'fidelity',
      name,
      `a column of ${maxFidelities.toLocaleString('en')} levels at most, ${name} has ${column.levels.toLocaleString('en')}`,
    );
  const position = (level: number) => positionOf(column, level);
  const isFixed = request.fixed !== undefined && Object.hasOwn(request.fixed, name);
  return {
    index,
    levels: column.levels,
    fixed: isFixed
      ? levelOf(column, request.space.coordinates!({ [name]: request.fixed![name] } as Partial<P>)[index]!)
      : undefined,
    levelOf: (point) => levelOf(column, point[index]!),
    position,
    valueAt(level) {
      const point = Float64Array.from(columns, (c) => positionOf(c, c.kind === 'continuous' ? 0.5 : 0));
      point[index] = position(level);
      return request.space.decode(point)[name]!;
    },
    placed: (points, level) => {
      const data = points.data.slice();
      for (let i = 0; i < points.rows; i++) data[i * points.columns + index] = position(level);
      return { rows: points.rows, columns: points.columns, data };
    },
  };
}

/**
 * What the cheaper fidelities may cost together: this many evaluations at the target fidelity, and this share of what was spent
 * there.
 */
const [lowFidelityAllowance, share] = [2, 0.5];

/**
 * The levels that the budget allows: the target fidelity always, and a cheaper one while an evaluation at the target fidelity
 * can follow and the cheaper ones have not spent their allowance. So a misleading cheap fidelity costs a part of the budget,
 * and never the answer.
 */
export function affordable({ costs, spent, remaining }: CostBudget): number[] {
  const last = costs.length - 1;
  const room = remaining * (1 + 1e-9);
  const cheaper = spent.slice(0, last).reduce((sum, cost) => sum + cost, 0);
  const most = (lowFidelityAllowance * costs[last]! + share * spent[last]!) * (1 + 1e-9);
  return Array.from(costs.keys()).filter(
    (level) => level === last || (costs[level]! + costs[last]! <= room && cheaper + costs[level]! <= most),
  );
}

/** What may be proposed at one level. */
export function candidatesAt<P extends Params>(
  request: SampleRequest<P>,
  column: FidelityColumn,
  level: number,
): FeasibleCandidates {
  const name = request.space.columns[column.index]!.name;
  const fixed = { ...request.fixed, [name]: column.valueAt(level) } as Partial<P>;
  return feasibleCandidates({ ...request, fixed });
}
