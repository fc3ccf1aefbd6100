import * as v from 'valibot';
import { LanguageModelError } from '../errors.ts';
import { failureOf, failureOfStatus } from './failure-of.ts';

const list = v.object({ data: v.array(v.object({ id: v.string() })) });

interface Question {
  readonly baseURL: string;
  readonly model: string;
  readonly key: string | undefined;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal | undefined;
}

/**
 * Whether the API's list of models has this one; false also where it has no list, or names it otherwise. Throws LanguageModelError
 * where nobody answers or the key is refused.
 */
export async function listsModel({ baseURL, model, key, fetch: get, signal }: Question): Promise<boolean> {
  let response: Response;
  try {
    response = await get(`${baseURL}/models`, {
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
      ...(signal && { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw failureOf(error, { model, secrets: [] });
  }
  const { status } = response;
  if (status === 401 || status === 403)
    throw new LanguageModelError(
      failureOfStatus(status),
      `the provider answers ${status}: it refuses the key`,
      { model, status },
    );
  if (!response.ok) {
    await response.body?.cancel();
    return false;
  }
  try {
    const listed = v.safeParse(list, await response.json());
    return listed.success && listed.output.data.some(({ id }) => id === model);
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}
