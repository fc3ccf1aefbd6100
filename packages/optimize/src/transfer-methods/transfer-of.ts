import { type Json, transferWhy, type Why } from '@foothold/core';

/** `why.transfer` of a suggestion in one form, whoever made it; nothing where no source had a part in it. */
export function transferOf(why: Why | undefined): Why {
  const model = why?.['model'];
  const each = isObject(model) && isObject(model['objectives']) ? Object.values(model['objectives']) : [];
  const ofModels = each.flatMap((of) => (isObject(of) && isObject(of['transfer']) ? [of['transfer']] : []));
  const ofModel = isObject(model) ? model['transfer'] : undefined;
  const transfer = ofModels.length > 0 ? meanTransfer(ofModels, each.length) : (ofModel ?? why?.['transfer']);
  if (!isObject(transfer)) return {};
  const { method, sources, gate } = transfer;
  return { transfer: { method: method!, sources: sources!, gate: gate! } };
}

/** `why.transfer` of a suggestion of the plain model: no source had a part in it. */
export function withoutPart(method: string, names: readonly string[]): Why {
  return { ...transferWhy(method, { names, weights: names.map(() => 0) }) };
}

/** The mean over the models of several objectives; one without sources counts as weight 0. Each shows some of its sources, so that the gate is a mean of its own. */
function meanTransfer(parts: readonly Record<string, Json>[], count: number): Record<string, Json> {
  const weights = new Map<string, number>();
  for (const { sources } of parts)
    for (const { name, weight } of sources as unknown as readonly { name: string; weight: number }[])
      weights.set(name, (weights.get(name) ?? 0) + weight / count);
  const method = String(parts[0]?.['method']);
  const { transfer } = transferWhy(method, { names: [...weights.keys()], weights: [...weights.values()] });
  return { ...transfer, gate: parts.reduce((sum, { gate }) => sum + Number(gate) / count, 0) } as never;
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
