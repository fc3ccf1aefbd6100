import { InvalidArgumentError } from '@foothold/core';

export type Role = 'read' | 'write';

/** What a request may do. */
export interface Access {
  readonly role: Role;
  /** Names of the studies that it reaches. */
  readonly studies: 'all' | readonly string[];
  /** Distinguishes tokens, without a part of them. */
  readonly id: string;
  /** False once the token has expired or was revoked. */
  isValid(): boolean;
}

/** A read-only link to one study. */
export interface Share {
  readonly id: string;
  readonly study: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

export interface AccessControl {
  /** What the token allows; undefined for a wrong one. */
  accessOf(token: string): Promise<Access | undefined>;
  /** Makes a token that reads one study for so many seconds. Throws InvalidArgumentError where there are too many. */
  share(study: string, seconds: number): Promise<Share & { readonly token: string }>;
  shares(): readonly Share[];
  /** Ends a share at once; false where there is none. */
  revoke(id: string): boolean;
  /** The study has another name now: its shares go with it. Without one it is deleted, and they end. */
  renamed(study: string, to?: string): void;
}

export interface AccessOptions {
  /** For all operations. */
  readonly token: string;
  /** For reading alone. */
  readonly readToken?: string | undefined;
  /** No token may write. */
  readonly readOnly?: boolean | undefined;
  readonly clock: () => number;
}

const shortestToken = 16;
const maxShares = 1000;

/** Throws InvalidArgumentError, without the token, for one that is short, or that no header can have. */
export function refuseToken(argument: string, token: string): void {
  if (!/^[\x21-\x7e]+$/.test(token) || token.length < shortestToken)
    throw new InvalidArgumentError(
      argument,
      `${token.length} characters`,
      `${shortestToken} printable ASCII characters or more, without spaces`,
    );
}

/** A token of 256 random bits. */
export function randomToken(): string {
  return hex(crypto.getRandomValues(new Uint8Array(32)));
}

/** Who may do what. Of shares only digests are kept. */
export function accessControl({ token, readToken, readOnly = false, clock }: AccessOptions): AccessControl {
  refuseToken('token', token);
  if (readToken !== undefined) refuseToken('readToken', readToken);
  const always = { studies: 'all', isValid: () => true } as const;
  const fixed = [
    { token, access: { ...always, role: readOnly ? 'read' : 'write', id: 'token' } as Access },
    ...(readToken === undefined
      ? []
      : [{ token: readToken, access: { ...always, role: 'read', id: 'readToken' } as Access }]),
  ];
  const shares = new Map<string, Share & { readonly digest: Uint8Array }>();
  const live = () => {
    for (const [id, { expires }] of shares) if (expires <= clock()) shares.delete(id);
    return [...shares.values()];
  };
  return {
    async accessOf(given) {
      let found: Access | undefined;
      // All of what is given is compared with every token: the time it takes depends on none.
      for (const entry of fixed) if (equalTexts(given, entry.token)) found = entry.access;
      // A digest takes longer than all else of a request, and who has one of these tokens has no share.
      if (found) return found;
      const digest = await digestOf(given);
      for (const { id, study, digest: of } of live())
        if (equalBytes(digest, of))
          found = {
            role: 'read',
            studies: [study],
            id,
            isValid: () => live().some((share) => share.id === id),
          };
      return found;
    },
    async share(study, seconds) {
      if (live().length >= maxShares)
        throw new InvalidArgumentError('shares', maxShares, `fewer than ${maxShares}: revoke some`);
      const secret = randomToken();
      const share = {
        id: hex(crypto.getRandomValues(new Uint8Array(8))),
        study,
        expires: clock() + seconds * 1000,
      };
      shares.set(share.id, { ...share, digest: await digestOf(secret) });
      return { ...share, token: secret };
    },
    shares: () => live().map(({ id, study, expires }) => ({ id, study, expires })),
    revoke: (id) => shares.delete(id),
    renamed(study, to) {
      for (const [id, share] of shares) {
        if (share.study !== study) continue;
        if (to === undefined) shares.delete(id);
        else shares.set(id, { ...share, study: to });
      }
    },
  };
}

async function digestOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/** Whether a given text is a known one, which is not empty: takes as long as the given one is, whatever it has. */
export function equalTexts(given: string, known: string): boolean {
  let difference = given.length ^ known.length;
  for (let i = 0; i < given.length; i++)
    difference |= given.charCodeAt(i) ^ known.charCodeAt(i % known.length);
  return difference === 0;
}

/** Whether digests of the same length are equal: looks at every byte, whatever the first ones are. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ (b[i] ?? 0);
  return difference === 0;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
