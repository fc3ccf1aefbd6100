import { LanguageModelError } from '../errors.ts';
import type { AiSdkStreamPart, AiSdkUsage } from './ai-sdk-language-model.ts';

/** The text of a stream and its usage. Throws what the stream reports, and LanguageModelError ('server') where it ends too early. */
export async function streamedText(
  stream: ReadableStream<AiSdkStreamPart>,
  model: string,
): Promise<{ readonly text: string; readonly usage: AiSdkUsage }> {
  const parts: string[] = [];
  let usage: AiSdkUsage | undefined;
  let isWhole = false;
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const part = next.value;
      if (part.type === 'text-delta') parts.push(part.delta ?? '');
      if (part.type === 'error') throw part.error;
      if (part.type !== 'finish') continue;
      usage = part.usage;
      isWhole = part.finishReason?.raw !== undefined;
    }
  } catch (error) {
    // What is still to come is not read: the connection ends.
    reader.cancel(error).catch(() => undefined);
    throw error;
  } finally {
    reader.releaseLock();
  }
  if (!isWhole || !usage) throw new LanguageModelError('server', 'the answer was cut off', { model });
  return { text: parts.join(''), usage };
}
