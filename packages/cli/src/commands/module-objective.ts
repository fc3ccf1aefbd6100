import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Params } from '@foothold/core';
import { pieceObjective, type TrainingFunction } from '@foothold/optimize/curve-samplers';
import type { ObjectiveFunction } from '@foothold/study';
import { UsageError } from '../usage-error.ts';
import type { PiecesOfTraining } from './command-objective.ts';

/** Throws UsageError where there is no such file. The module itself is loaded once the variables of its environment are known. */
export function requireModule(file: string): void {
  if (!existsSync(file)) throw new UsageError(`--module ${file} cannot be loaded: there is no such file`);
}

/**
 * The function that the module exports as its default, or as `objective`; where trials are pieces of training it trains one. Throws UsageError
 * where there is none, or it cannot be loaded.
 */
export async function moduleObjective(
  file: string,
  pieces: PiecesOfTraining | undefined,
): Promise<ObjectiveFunction<Params>> {
  let found: Readonly<Record<string, unknown>>;
  try {
    found = await import(pathToFileURL(file).href);
  } catch (error) {
    throw new UsageError(
      `--module ${file} cannot be loaded: ${error instanceof Error ? error.message : error}`,
    );
  }
  const objective = found['default'] ?? found['objective'];
  if (typeof objective !== 'function')
    throw new UsageError(
      `--module ${file} has to export a function, as in: export default ({ lr }, { report }) => …; it exports ${Object.keys(found).join(', ') || 'nothing'}`,
    );
  return pieces
    ? pieceObjective(objective as TrainingFunction, pieces)
    : (objective as ObjectiveFunction<Params>);
}
