import { LanguageModelError, type LanguageModelFailure } from '../errors.ts';
import { shownText } from '../replies/shown-text.ts';
import { retryAfterIn } from './retry-after-in.ts';
import { withoutSecrets } from './without-secrets.ts';

/** As much of a provider's message as is shown. */
const messageLength = 300;
/** As much of it as is read: a key that is cut there is not shown. */
const readLength = 10_000;

/** Nobody was there to spend anything. */
const notConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

interface Facts {
  readonly model: string;
  /** Texts that no message may show. */
  readonly secrets: readonly string[];
}

/** What an error of the AI SDK, or of `fetch`, means. The error itself, which holds the request, is not kept. */
export function failureOf(error: unknown, { model, secrets }: Facts): LanguageModelError {
  const { statusCode: status, responseHeaders: headers, responseBody } = membersOf(error);
  if (typeof status === 'number' && status >= 400) {
    const failure = failureOfStatus(status);
    const said = messageIn(responseBody);
    const shown =
      said === undefined
        ? ''
        : `: ${shownText(withoutSecrets(said.slice(0, readLength), secrets), messageLength)}`;
    const advice =
      failure === 'unknown-model' ? ' (no such model, or no chat completions at this address)' : '';
    return new LanguageModelError(failure, `the provider answers ${status}${advice}${shown}`, {
      model,
      status,
      // An answer that is an error is not billed.
      isPaid: false,
      retryAfter: retryAfterIn((headers ?? {}) as Readonly<Record<string, string>>),
    });
  }
  const code = causesOf(error)
    .map((cause) => membersOf(cause)['code'])
    .find((c) => typeof c === 'string');
  if (typeof code === 'string' && notConnected.has(code))
    return new LanguageModelError('unreachable', `nobody answers at the address (${code})`, { model });
  if (isInvalid(error))
    return new LanguageModelError('invalid-reply', 'the answer is not what the API promises', {
      model,
      ...(typeof status === 'number' && { status }),
    });
  return new LanguageModelError(
    'server',
    `the answer was cut off${typeof code === 'string' ? ` (${code})` : ''}`,
    { model },
  );
}

/** What a status of HTTP from 400 on means. */
export function failureOfStatus(status: number): LanguageModelFailure {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'unknown-model';
  if (status === 429) return 'rate-limited';
  return status === 408 || status === 409 || status === 425 || status >= 500 ? 'server' : 'refused';
}

/** Names of errors of the AI SDK for answers that it cannot read. */
function isInvalid(error: unknown): boolean {
  const names = causesOf(error).map((cause) => membersOf(cause)['name']);
  return names.some((name) =>
    [
      'AI_JSONParseError',
      'AI_TypeValidationError',
      'AI_InvalidResponseDataError',
      'AI_EmptyResponseBodyError',
    ].includes(String(name)),
  );
}

/** The error and its causes, a few of them: a chain may be a circle. */
export function causesOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (
    let cause = error;
    cause !== undefined && cause !== null && chain.length < 8;
    cause = membersOf(cause)['cause']
  )
    chain.push(cause);
  return chain;
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** `error.message` of an answer in OpenAI's form, else the answer's text. */
function messageIn(body: unknown): string | undefined {
  if (typeof body !== 'string' || body === '') return undefined;
  try {
    const { message } = membersOf(membersOf(JSON.parse(body))['error']);
    return typeof message === 'string' ? message : body;
  } catch {
    return body;
  }
}
