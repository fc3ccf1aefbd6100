import type { Storage } from '@foothold/core';
import type { Access, AccessControl } from './access.ts';
import type { HostedStudies } from './hosted-studies.ts';
import { HttpError, noSuchStudy } from './http-error.ts';
import type { logFollowers } from './log-followers.ts';
import type { ServerLimits } from './server-limits.ts';
import type { StreamLimits } from './stream-limits.ts';

/** What the routes of a server work with. */
export interface ServerParts {
  readonly storage: Storage;
  readonly studies: HostedStudies;
  readonly access: AccessControl;
  readonly follow: ReturnType<typeof logFollowers>;
  readonly clock: () => number;
  readonly limits: ServerLimits;
  readonly program: string | undefined;
  readonly version: string;
  /** Event streams that are open. */
  readonly streams: StreamLimits;
  /** Hears of errors that no client should see. */
  readonly onError: ((error: unknown) => void) | undefined;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
}

/** What the guards of a request have found out for its route. */
export interface Variables {
  access: Access;
  /** The token and the address of the request: whose event streams these are. */
  client: string;
}
export type ServerEnv = { readonly Variables: Variables };

/** Throws HttpError for a study that the request's token does not reach. */
export function refuseStudy({ studies }: Access, name: string): void {
  if (studies !== 'all' && !studies.includes(name)) throw noSuchStudy(name);
}

/** Throws HttpError unless the token may write, or reach all studies where `all` is asked for. */
export function refuseRole(access: Access, needs: 'write' | 'all'): void {
  if (needs === 'write' && access.role !== 'write')
    throw new HttpError(403, 'ForbiddenError', 'the token may read and not write');
  if (access.studies !== 'all') throw new HttpError(403, 'ForbiddenError', 'the token is for one study');
}
