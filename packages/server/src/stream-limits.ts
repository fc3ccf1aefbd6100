import { HttpError } from './http-error.ts';
import type { ServerLimits } from './server-limits.ts';

/** How many event streams may be open: so many in all, and so many of one client. */
export interface StreamLimits {
  /** Counts one more and returns what takes it off again. Throws HttpError where the client, or the server, has as many as it may. */
  enter(client: string): () => void;
}

export function streamLimits({
  streams,
  streamsEach,
}: Pick<ServerLimits, 'streams' | 'streamsEach'>): StreamLimits {
  const taken = new Map<string, number>();
  let open = 0;
  return {
    enter(client) {
      const own = taken.get(client) ?? 0;
      if (own >= streamsEach)
        throw tooMany(`one client has at most ${streamsEach} event streams: close some`);
      if (open >= streams) throw tooMany(`the server has at most ${streams} event streams: try again later`);
      open++;
      taken.set(client, own + 1);
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        open--;
        const left = taken.get(client)! - 1;
        if (left > 0) taken.set(client, left);
        else taken.delete(client);
      };
    },
  };
}

function tooMany(text: string): HttpError {
  return new HttpError(429, 'TooManyRequestsError', text);
}
