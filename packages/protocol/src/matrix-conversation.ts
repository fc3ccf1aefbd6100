import { type Cell, type CheckpointStudy, checkpointStudy } from '@foothold/checkpoints';
import { InvalidArgumentError, TrialStateError } from '@foothold/core';
import type { Answer } from './answer.ts';
import type { Request, RequestOf } from './request-schemas.ts';

/** Checkpoint selection over the line protocol: cells are asked and told by number. */
export interface MatrixConversation {
  answer(request: Exclude<Request, { op: 'create' | 'end' }>): Answer;
}

/** The conversation that a `create` with a matrix begins. Throws InvalidArgumentError for what the matrix does not allow. */
export function matrixConversation(
  request: RequestOf<'create'> & { readonly matrix: NonNullable<RequestOf<'create'>['matrix']> },
  now: () => number,
): MatrixConversation {
  const { rows, columns, costs, scores, target } = request.matrix;
  if (costs && costs.length !== columns.length)
    throw new InvalidArgumentError('matrix.costs', costs.length, `${columns.length} numbers, one a column`);
  const study: CheckpointStudy = checkpointStudy({
    rows,
    columns: columns.map((name, j) => ({ name, ...(costs ? { cost: costs[j]! } : {}) })),
    seed: request.seed ?? 0,
    ...(scores ? { scores } : {}),
    ...(target ? { target } : {}),
  });
  const asked: AskedCell[] = [];
  const ask = (count: number) =>
    study.ask({ count }).map((cell) => {
      asked.push({ cell });
      return { number: asked.length - 1, cell: [cell.row, cell.column] };
    });
  return {
    answer: (request) => {
      switch (request.op) {
        case 'ask': {
          const start = now();
          return { trials: ask(request.count ?? 1), ms: Math.round((now() - start) * 1000) / 1000 };
        }
        case 'tell':
          tell(study, asked[request.number], request);
          return { ok: true };
        case 'best': {
          const { row, mean, standardDeviation, probability } = study.best();
          return {
            row,
            mean,
            sd: standardDeviation,
            probabilityBest: probability,
            stop: study.decision().stop,
          };
        }
        case 'trials':
          return { trials: asked.map(shown) };
        default:
          throw new InvalidArgumentError('op', request.op, 'ask, tell, best or trials with a matrix');
      }
    },
  };
}

interface AskedCell {
  readonly cell: Cell;
  outcome?: number | 'failed';
}

/** Takes a cell's value or failure. Throws TrialStateError and InvalidArgumentError. */
function tell(study: CheckpointStudy, trial: AskedCell | undefined, request: RequestOf<'tell'>): void {
  const { number, value, state } = request;
  if (!trial) throw new TrialStateError(number, 'unknown', 'told');
  if (state === 'failed') {
    if (typeof trial.outcome === 'number') throw new TrialStateError(number, 'complete', 'failed');
    if (trial.outcome === undefined) study.release(trial.cell);
    trial.outcome = 'failed';
    return;
  }
  if (typeof value !== 'number')
    throw new InvalidArgumentError('value', value, 'a finite number, or "state":"failed"');
  if (trial.outcome === 'failed') throw new TrialStateError(number, 'failed', 'complete');
  study.tell(trial.cell, value);
  trial.outcome = value;
}

function shown({ cell, outcome }: AskedCell, number: number): Answer {
  return {
    number,
    cell: [cell.row, cell.column],
    state: outcome === undefined ? 'running' : outcome === 'failed' ? 'failed' : 'complete',
    ...(typeof outcome === 'number' ? { value: outcome } : {}),
  };
}
