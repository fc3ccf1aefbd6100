import { OptimizationError } from '@foothold/core';
import type { Answer } from '@foothold/protocol';
import { type RemoteStudy, remoteStudy } from '@foothold/server/remote';

/** A request to the server of the studies, in the same process. */
export interface StudyCall {
  /** Default: `POST` where there is a body, else `GET`. */
  readonly method?: 'GET' | 'POST';
  /** Below `/api`. */
  readonly path: string;
  readonly body?: object | undefined;
  /** Idempotency key of an ask. */
  readonly key?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The operations of a server of studies, without a network in between. */
export interface StudyCalls {
  /** The answer. Throws AnswerError for one that is an error. */
  call(call: StudyCall): Promise<Answer>;
  /** The study as a worker of this name sees it. Throws as `remoteStudy`. */
  study(name: string, worker: string): Promise<RemoteStudy>;
}

/** A server of studies in this process, with a token that may write. */
export interface LocalServer {
  fetch(request: Request): Promise<Response>;
  readonly token: string;
}

/** The server's answer that something is wrong; `members` say what, as over HTTP. */
export class AnswerError extends OptimizationError {
  static override readonly id: string = 'AnswerError';
  readonly members: Answer;
  override readonly retry: boolean;
  constructor(members: Answer) {
    super(String(members['message'] ?? 'the server failed'));
    this.members = members;
    this.retry = members['retry'] === true;
  }
}

/** Who holds the trials of agents. The name stays when the server is started again, so that no trial is lost. */
export const agentWorker = 'mcp';
/** No request leaves the process: the address is a name that every server has. */
const origin = 'http://localhost';

export function studyCalls(server: LocalServer): StudyCalls {
  const { token } = server;
  return {
    async call({ path, body, key, signal, method = body ? 'POST' : 'GET' }) {
      const response = await server.fetch(
        new Request(`${origin}/api${path}`, {
          method,
          headers: {
            Authorization: `Bearer ${token}`,
            'Foothold-Worker': agentWorker,
            ...(body && { 'Content-Type': 'application/json' }),
            ...(key !== undefined && { 'Idempotency-Key': key }),
          },
          ...(body && { body: JSON.stringify(body) }),
          ...(signal && { signal }),
        }),
      );
      const answer = (await response.json()) as Answer;
      if (!response.ok) throw new AnswerError((answer['error'] ?? {}) as Answer);
      return answer;
    },
    study: (name, worker) =>
      remoteStudy(origin, {
        ...{ name, worker, token },
        fetch: (input, init) => server.fetch(new Request(input, init)),
      }),
  };
}

/** The path of a study, and of what is below it. */
export function studyPath(name: string, part?: string): string {
  return `/studies/${encodeURIComponent(name)}${part === undefined ? '' : `/${part}`}`;
}
