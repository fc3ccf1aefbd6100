import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';

/** The JSON Schema that says what the schema checks. What only code can check is left out. */
export function jsonSchemaOf(schema: GenericSchema): { readonly [key: string]: unknown } {
  const { $schema: _, ...members } = toJsonSchema(schema, { errorMode: 'ignore' });
  return members;
}
