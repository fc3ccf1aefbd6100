import { InvalidArgumentError } from '@foothold/core';
import { checkMetaFeatures } from '@foothold/gp-models';
import type { TransferSource } from '@foothold/study';
import { methodTable } from './transfer-methods/method-table.ts';
import { isStudy, type TransferOptions } from './transfer-options.ts';

/**
 * Throws InvalidArgumentError for a method that does not exist (with the names of those that do), for `gated` where the
 * method refuses it, for sources that are none, for weights outside [0, 1], for another direction than minimize and maximize, and for features
 * that are not finite or not equally many.
 */
export function checkTransfer({
  method = 'auto',
  gated: mixed,
  transfer = [],
  metaFeatures,
}: TransferOptions): void {
  if (!Object.hasOwn(methodTable, method))
    throw new InvalidArgumentError('method', method, `one of ${Object.keys(methodTable).join(', ')}`);
  if (mixed && !methodTable[method].takesGate)
    throw new InvalidArgumentError(
      'gated',
      mixed,
      `nothing beside the method ${method}; it goes with ${Object.entries(methodTable)
        .flatMap(([name, { takesGate }]) => (takesGate ? [name] : []))
        .join(', ')}`,
    );
  if (!Array.isArray(transfer))
    throw new InvalidArgumentError('transfer', transfer, 'a list of earlier studies');
  for (const [i, source] of transfer.entries()) refuseNoSource(`transfer[${i}]`, source);
  const given = transfer.map((source, i): Partial<TransferSource> & { readonly name: string } => {
    const name = source.name ?? `source ${i + 1}`;
    return isStudy(source) ? { name } : { ...source, name };
  });
  for (const { name, weight = 1, direction } of given) {
    if (!(weight >= 0 && weight <= 1))
      throw new InvalidArgumentError(`weight of source ${name}`, weight, 'a number from 0 to 1');
    if (direction !== undefined && direction !== 'minimize' && direction !== 'maximize')
      throw new InvalidArgumentError(`direction of source ${name}`, direction, 'minimize or maximize');
  }
  checkMetaFeatures(given, metaFeatures);
}

/** Throws InvalidArgumentError unless it is a study or has trials with parameters. */
function refuseNoSource(path: string, source: unknown): void {
  const trials = (source as { readonly trials?: unknown } | null | undefined)?.trials;
  if (typeof trials === 'function') return;
  if (!Array.isArray(trials))
    throw new InvalidArgumentError(path, source, 'a study, or an object with trials: [{ params, value }]');
  for (const [i, trial] of trials.entries()) {
    const params = (trial as { readonly params?: unknown } | null | undefined)?.params;
    if (typeof params !== 'object' || params === null)
      throw new InvalidArgumentError(`${path}.trials[${i}]`, trial, 'an object with params');
  }
}
