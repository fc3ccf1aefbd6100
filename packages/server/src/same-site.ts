import { HttpError } from './http-error.ts';

/**
 * Throws HttpError for a request whose Host is none of this server's names. A page that has another name lead to this machine
 * (DNS rebinding) sends that name; an address in digits cannot be led elsewhere.
 */
export function refuseHost(host: string | undefined, names: readonly string[]): void {
  const name = host === undefined ? '' : nameOf(host);
  const isOurs =
    name === 'localhost' ||
    isAddress(name) ||
    names.some((own) => own.toLowerCase() === name || own === host);
  if (!isOurs)
    throw new HttpError(
      403,
      'ForbiddenError',
      'the Host of the request is no name of this server; --allow-host adds one',
    );
}

/** The name of `name:port`, in lower case. */
function nameOf(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}

function isAddress(name: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || /^\[[0-9a-f:.]+\]$/.test(name);
}

/** What a browser says of where a request comes from. */
export interface RequestSource {
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`. */
  readonly site: string | undefined;
  readonly host: string | undefined;
}

/**
 * Throws HttpError for a request of a page that this server did not send, unless its origin is among those that are allowed. Programs
 * send neither header.
 */
export function refuseOrigin({ origin, site, host }: RequestSource, allowed: readonly string[]): void {
  if (origin !== undefined && allowed.includes(origin)) return;
  const isOther = origin !== undefined && !(host !== undefined && isOriginOf(origin, host));
  if (isOther || site === 'cross-site' || site === 'same-site')
    throw new HttpError(
      403,
      'ForbiddenError',
      'a page of another origin may not ask this server; --allow-origin adds one',
    );
}

/** A proxy may have added TLS: either scheme counts. */
function isOriginOf(origin: string, host: string): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}
