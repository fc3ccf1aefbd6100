import { InvalidArgumentError } from '@foothold/core';
import { checkMetaFeatures } from '@foothold/gp-models';
import type { TransferSource } from '@foothold/study';
import { methodTable } from './transfer-methods/method-table.ts';
import { isStudy, type TransferOptions } from './transfer-options.ts';

/**
 * Throws InvalidArgumentError for a method that does not exist (with the names of those that do), for `gated` where the
 * method refuses it, for weights outside [0, 1], and for features that are not finite or not equally many.
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
  const given = transfer.map((source, i): Partial<TransferSource> & { readonly name: string } => {
    const name = source.name ?? `source ${i + 1}`;
    return isStudy(source) ? { name } : { ...source, name };
  });
  for (const { name, weight = 1 } of given)
    if (!(weight >= 0 && weight <= 1))
      throw new InvalidArgumentError(`weight of source ${name}`, weight, 'a number from 0 to 1');
  checkMetaFeatures(given, metaFeatures);
}
