import { recordsIn } from '../access/recorded-file.ts';
import { type CompletionCache, memoryCache } from '../limits/completion-cache.ts';
import { lineFile } from './line-file.ts';

/**
 * A cache in a file of JSON lines, so that what one run has paid for is there for the next: a run that goes on asks for nothing again that was answered. The
 * lines are those of `recordedFile`, which replays them, without prompts. `model` is the name of the model whose cache it is; lines of others
 * stay in the file. One process at a time writes it.
 *
 * Throws InvalidArgumentError for a file that cannot be read and for a line that is no recorded reply; a last line that is not whole is left out. A completion
 * that cannot be written throws StorageError.
 */
export async function completionFile(
  path: string,
  { model }: { readonly model: string },
): Promise<CompletionCache> {
  const memory = memoryCache();
  for (const reply of await recordsIn(path, { isOptional: true }))
    if (reply.model === model) await memory.set(reply.digest, reply.completion);
  const file = lineFile(path);
  return {
    get: memory.get,
    async set(digest, completion) {
      await memory.set(digest, completion);
      await file.append(JSON.stringify({ digest, model, prompt: '', completion }));
    },
  };
}
