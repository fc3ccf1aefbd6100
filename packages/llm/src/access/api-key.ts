import { InvalidArgumentError } from '@foothold/core';
import { LanguageModelError } from '../errors.ts';

/** Where the key of an endpoint is found: never the key itself. 'none' for an endpoint that wants none. */
export type KeySource = { readonly environment: string } | { readonly file: string } | 'none';

/**
 * The environment variable that is read where no source of the key is given. It is none of a provider's, so that no provider's
 * key goes to another's address.
 */
export const defaultKeyVariable = 'FOOTHOLD_LLM_KEY';

/** Throws InvalidArgumentError for what is no source; in the message is no value, which could be a key. */
export function checkedKeySource(source: KeySource | undefined): KeySource {
  if (source === undefined) return { environment: defaultKeyVariable };
  if (source === 'none') return source;
  const isNamed =
    typeof source === 'object' &&
    source !== null &&
    (('environment' in source && /^[A-Za-z_]\w*$/.test(source.environment)) ||
      ('file' in source && typeof source.file === 'string' && source.file !== ''));
  if (isNamed) return source;
  throw new InvalidArgumentError(
    'key',
    '(not shown)',
    '{ environment: NAME }, { file: PATH } or "none": where the key is found, not the key',
  );
}

/** The key, or undefined with 'none'. Throws LanguageModelError ('missing-key'), which names where it was looked for. */
export async function apiKey(source: KeySource, model: string): Promise<string | undefined> {
  if (source === 'none') return undefined;
  const where =
    'file' in source ? `the file ${source.file}` : `the environment variable ${source.environment}`;
  const found = 'file' in source ? await contentOf(source.file) : environmentValue(source.environment);
  const key = found?.trim();
  if (!key) throw new LanguageModelError('missing-key', `no key in ${where}`, { model });
  // What HTTP allows in a header; the message of a failed request would show the key.
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new LanguageModelError(
      'missing-key',
      `${where} holds more than one key, or signs that no key has`,
      { model },
    );
  return key;
}

async function contentOf(path: string): Promise<string | undefined> {
  const { readFile } = await import('node:fs/promises');
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Undefined in a browser, which has no environment. */
function environmentValue(name: string): string | undefined {
  const { process } = globalThis as {
    readonly process?: { readonly env?: Record<string, string | undefined> };
  };
  return process?.env?.[name];
}
