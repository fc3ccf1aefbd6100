import type * as v from 'valibot';

/** A member of a request that has to be an object and is a list: its names and indices with dots between them, and the list. */
interface ListForObject {
  readonly path: string;
  readonly value: readonly unknown[];
}

/** Schemas by their type, as far as they hold others. */
interface Parts {
  readonly type: string;
  readonly entries?: Readonly<Record<string, v.GenericSchema>>;
  readonly wrapped?: v.GenericSchema;
  readonly item?: v.GenericSchema;
  readonly options?: readonly v.GenericSchema[];
  readonly pipe?: readonly [v.GenericSchema];
}

/**
 * The first list where the schema wants an object. Valibot reads a list as an object with the names 0, 1, …: `"metrics":[0.3]` would be kept as
 * the metric `0`.
 */
export function listForObject(
  schema: v.GenericSchema,
  json: unknown,
  path: readonly (string | number)[] = [],
): ListForObject | undefined {
  const { type, entries, wrapped, item, options = [], pipe } = schema as Parts;
  const inner = wrapped ?? pipe?.[0];
  if (inner && inner !== schema) return listForObject(inner, json, path);
  if (type === 'record' && Array.isArray(json)) return { path: path.join('.'), value: json };
  const among = (parts: readonly (readonly [v.GenericSchema, unknown, string | number])[]) => {
    for (const [part, value, key] of parts) {
      const found = listForObject(part, value, [...path, key]);
      if (found) return found;
    }
    return undefined;
  };
  if (type === 'array' && Array.isArray(json)) return among(json.map((one, i) => [item!, one, i]));
  if (type === 'union') {
    for (const option of options) {
      const found = listForObject(option, json, path);
      if (found) return found;
    }
    return undefined;
  }
  if (!entries || typeof json !== 'object' || json === null) return undefined;
  return among(
    Object.entries(entries).map(
      ([name, part]) => [part, (json as Readonly<Record<string, unknown>>)[name], name] as const,
    ),
  );
}
