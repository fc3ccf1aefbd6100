import { readFile } from 'node:fs/promises';
import { InvalidArgumentError, type LanguageModel } from '@foothold/core';
import * as v from 'valibot';
import { lineFile, wholeLines } from '../files/line-file.ts';
import { type RecordedReply, recordedModel } from './recorded-model.ts';
import { recordingModel } from './recording-model.ts';

const tokens = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
// JSON writes −Infinity as null.
const logProbability = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => Math.min(value ?? -Infinity, 0)),
);
const recordedReply = v.object({
  digest: v.string(),
  model: v.string(),
  prompt: v.string(),
  completion: v.object({
    texts: v.pipe(v.array(v.string()), v.minLength(1)),
    usage: v.object({ promptTokens: tokens, cachedTokens: v.optional(tokens), completionTokens: tokens }),
    logProbabilities: v.optional(
      v.array(
        v.array(
          v.object({
            token: v.string(),
            logProbability,
            alternatives: v.array(v.object({ token: v.string(), logProbability })),
          }),
        ),
      ),
    ),
  }),
});

/**
 * The model of the replies in a file of JSON lines: the one of this name, or the only one that there is. A last line that a killed process did
 * not finish is left out. Throws InvalidArgumentError for a file that cannot be read, with the line for what is no record, and with the
 * models of the file where it has none of this name, or several and no name is given.
 */
export async function recordedFile(
  path: string,
  { name }: { readonly name?: string | undefined } = {},
): Promise<LanguageModel> {
  const replies = await recordsIn(path);
  if (replies.length === 0) throw new InvalidArgumentError(path, '', 'one recorded reply at least');
  const names = [...new Set(replies.map(({ model }) => model))];
  const chosen = name ?? (names.length === 1 ? names[0]! : undefined);
  if (chosen === undefined || !names.includes(chosen))
    throw new InvalidArgumentError('name', name, `one of the models in ${path}: ${names.join(', ')}`);
  return recordedModel(
    replies.filter(({ model }) => model === chosen),
    { name: chosen },
  );
}

/**
 * The model, whose calls are added to a file of JSON lines, one after another. One process at a time writes a file. Its check throws
 * StorageError for a file that something else has written.
 */
export function recordingFile(model: LanguageModel, path: string): LanguageModel {
  const file = lineFile(path);
  return {
    ...recordingModel(model, (reply) => file.append(JSON.stringify(reply))),
    // An answer that cannot be written would be paid for nothing.
    async check(options) {
      await file.check();
      return (await model.check?.(options)) ?? false;
    },
  };
}

/** The records of a file; none where it is not there and need not be. Throws as `recordedFile`. */
export async function recordsIn(
  path: string,
  { isOptional = false }: { readonly isOptional?: boolean } = {},
): Promise<readonly RecordedReply[]> {
  const text = (await textOf(path, isOptional)).replace(/^\ufeff/, '');
  return wholeLines(text).flatMap((line, i) =>
    line.trim() === '' ? [] : [recordIn(line, `${path}, line ${i + 1}`)],
  );
}

async function textOf(path: string, isOptional: boolean): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (isOptional && code === 'ENOENT') return '';
    throw new InvalidArgumentError('path', path, `a file of recorded replies that can be read (${code})`);
  }
}

function recordIn(line: string, where: string): RecordedReply {
  try {
    return v.parse(recordedReply, JSON.parse(line));
  } catch {
    throw new InvalidArgumentError(
      where,
      line,
      'a recorded reply: {"digest":…,"model":…,"prompt":…,"completion":{…}}',
    );
  }
}
