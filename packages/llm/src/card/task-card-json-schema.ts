import { toJsonSchema } from '@valibot/to-json-schema';
import { taskCardSchema } from './task-card-schema.ts';

/** The JSON schema of a task card, for editors and forms. */
export function taskCardJsonSchema(): Readonly<Record<string, unknown>> {
  return { ...toJsonSchema(taskCardSchema) };
}
