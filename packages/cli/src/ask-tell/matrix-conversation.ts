import { type Cell, type CheckpointStudy, checkpointStudy } from '@foothold/checkpoints';
import { InvalidArgumentError, TrialStateError } from '@foothold/core';
import type { Answer } from './answer.ts';
import type { Request, RequestOf } from './request.ts';

/** Checkpoint selection over the line protocol: cells are asked and told by number. */
export interface MatrixConversation {
  answer(request: Exclude<Request, { op: 'create' }>): Answer;
}

/** Opens the study of a `create` with a matrix. Throws InvalidArgumentError for what the matrix does not allow. */
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
  const asked: { readonly cell: Cell; told?: number | 'failed' }[] = [];
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
        case 'tell': {
          const trial = asked[request.number];
          if (!trial) throw new TrialStateError(request.number, 'unknown', 'told');
          if (request.state === 'failed') {
            if (typeof trial.told === 'number')
              throw new TrialStateError(request.number, 'complete', 'failed');
            if (trial.told === undefined) study.release(trial.cell);
            trial.told = 'failed';
            return { ok: true };
          }
          if (typeof request.value !== 'number')
            throw new InvalidArgumentError('value', request.value, 'a finite number, or "state":"failed"');
          if (trial.told === 'failed') throw new TrialStateError(request.number, 'failed', 'complete');
          study.tell(trial.cell, request.value);
          trial.told = request.value;
          return { ok: true };
        }
        case 'best': {
          const { row, mean, standardDeviation: deviation, probability } = study.best();
          return { row, mean, sd: deviation, probabilityBest: probability, stop: study.decision().stop };
        }
        case 'trials':
          return {
            trials: asked.map(({ cell, told }, number) => ({
              number,
              cell: [cell.row, cell.column],
              state: told === undefined ? 'running' : told === 'failed' ? 'failed' : 'complete',
              ...(typeof told === 'number' ? { value: told } : {}),
            })),
          };
        default:
          throw new InvalidArgumentError('op', request.op, 'ask, tell, best or trials with a matrix');
      }
    },
  };
}
