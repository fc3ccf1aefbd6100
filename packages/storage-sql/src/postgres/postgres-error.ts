import { OptimizationError, StorageError } from '@foothold/core';
import { tlsError } from './tls-error.ts';

/** What a server or its connection reported, without the objects that `pg` attaches. */
interface Reported {
  readonly code: string | undefined;
  readonly message: string;
}

function reported(error: unknown): Reported {
  const { code, message, errors, cert } = error as {
    readonly code?: unknown;
    readonly message?: string;
    readonly errors?: readonly Error[];
    readonly cert?: { readonly subjectaltname?: string };
  };
  // A name with several numbers fails with an error for each.
  const text = message || errors?.map((each) => each.message).join(', ') || String(error);
  const names = cert?.subjectaltname === undefined ? '' : `; the certificate names ${cert.subjectaltname}`;
  return { code: typeof code === 'string' ? code : undefined, message: `${text.trim()}${names}` };
}

const noServer = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);
const lostCodes = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ECONNABORTED',
  '57P01',
  '57P02',
  '57P05',
  '25P03',
]);
const lostMessages =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Client was closed|Cannot use a pool after|read ECONN|write E)/;
/** The server starts up, has no free connection, gave up a lock, or found a conflict. */
const later = new Set(['57P03', '53300', '53400', '55P03', '40001', '40P01']);

/** The statement of a name is not there, or another client of a pool made it on the same connection. */
const unprepared = new Set(['26000', '42P05']);

/** True where a named statement was not kept with the connection, as in pools that do not know of them. */
export function isUnprepared(error: unknown): boolean {
  return unprepared.has(reported(error).code ?? '');
}

/** True where nobody answered at the address. */
export function isAbsent(error: unknown): boolean {
  const { code } = reported(error);
  return code !== undefined && noServer.has(code);
}

/** True where the same call may succeed in a moment: the connection was lost, or the server cannot take it now. */
export function mayRetry(error: unknown): boolean {
  if (error instanceof OptimizationError) return false;
  const { code, message } = reported(error);
  if (code === undefined) return lostMessages.test(message);
  return [noServer, lostCodes, later, unprepared].some((codes) => codes.has(code)) || code.startsWith('08');
}

/** The password's sources, for messages. */
const sources =
  'it comes from PGPASSWORD, the password file (PGPASSFILE, or ~/.pgpass) or a service file (PGSERVICE)';

/** What `pg` threw, as a StorageError that says what to do; `retry` where the same call may succeed later. */
export function postgresError(error: unknown, place: string): OptimizationError {
  if (error instanceof OptimizationError) return error;
  const { code, message } = reported(error);
  const refusal = (text: string, retry = false) =>
    // Not the error of `pg` itself: it may hold the client with all that this was given.
    new StorageError(`${place} ${text} (${message})`, { retry, cause: new Error(message) });
  if (code === '28P01') return refusal(`refuses the password; ${sources}`);
  const tls = tlsError(code, message);
  if (tls !== undefined) return refusal(tls);
  if (code === '28000') return refusal('refuses the user; the server says why');
  if (/password must be a (non-empty )?string|empty password/i.test(message))
    return refusal(`asks for a password, and there is none; ${sources}`);
  if (code === '3D000')
    return refusal('is not there: the server has no such database; make it with createdb');
  if (code === '42501') return refusal('does not allow it: the user lacks a privilege');
  if (code === '25006')
    return refusal(
      'can only be read: it is a standby server, or default_transaction_read_only is on for the user; use the primary server, or another user',
    );
  if (code === '53100') return refusal('cannot grow: the disk of the server is full; make room', true);
  if (code === '42P01' || code === '3F000')
    return refusal('has lost its tables while the study ran; restore the database, or begin again');
  if (code !== undefined && noServer.has(code))
    return refusal('cannot be reached: no server answers there; start it, or correct the address', true);
  if (mayRetry(error)) return refusal('does not answer, or lost the connection', true);
  if (/SSL|TLS|certificate/i.test(`${code} ${message}`))
    return refusal('cannot be reached with this sslmode');
  return refusal('refuses');
}
