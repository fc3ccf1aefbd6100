import type { X509Certificate } from 'node:crypto';
import { InvalidArgumentError } from '@foothold/core';
import type { ClientConfig } from 'pg';
import type { PostgresConnection } from './postgres-connection.ts';

export type TlsSettings = Pick<PostgresConnection, 'sslmode' | 'sslrootcert' | 'sslcert' | 'sslkey'>;
type Environment = Readonly<Record<string, string | undefined>>;
type TlsOptions = Exclude<ClientConfig['ssl'], undefined>;

/**
 * What `pg` needs for TLS, by the rules of libpq (PostgreSQL 18, "SSL Support"): `require` verifies where there is a root
 * certificate, `sslrootcert=system` stands for the authorities that the system knows (here: those of Node) and verifies in full,
 * and files that are not named are looked for in ~/.postgresql. Two differences: `allow` and `prefer` do not encrypt, and without a
 * root certificate `verify-ca` and `verify-full` take the authorities of Node.
 *
 * Throws InvalidArgumentError for an unknown mode, and for a file that cannot be read, has other contents, or is a key that
 * others may read.
 */
export async function tlsOptions(settings: TlsSettings, env: Environment): Promise<TlsOptions> {
  const isSystem = settings.sslrootcert === 'system';
  const { sslmode = isSystem ? 'verify-full' : 'prefer' } = settings;
  switch (sslmode) {
    case 'disable':
    case 'allow':
    case 'prefer':
      return false; // the last two leave it to us
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      break;
    default:
      throw new InvalidArgumentError(
        'sslmode',
        sslmode,
        'disable, allow, prefer, require, verify-ca or verify-full',
      );
  }
  if (isSystem && sslmode !== 'verify-full')
    throw new InvalidArgumentError('sslmode', sslmode, 'verify-full where sslrootcert is "system"');
  const rootFile = isSystem ? undefined : (settings.sslrootcert ?? (await fileAtHome('root.crt', env)));
  const ca = rootFile === undefined ? undefined : await contentOf('sslrootcert', rootFile);
  if (ca !== undefined) await certificateIn('sslrootcert', { file: rootFile!, content: ca });
  return {
    ...(ca !== undefined && { ca }),
    ...(await ownCertificate(settings, env)),
    ...(sslmode === 'require' && ca === undefined && { rejectUnauthorized: false }),
    ...(sslmode !== 'verify-full' && { checkServerIdentity: () => undefined }),
  };
}

/** The client's certificate with its key; empty where there is none. */
async function ownCertificate(
  { sslcert, sslkey }: TlsSettings,
  env: Environment,
): Promise<{ readonly cert?: string; readonly key?: string }> {
  const certificateFile = sslcert ?? (await fileAtHome('postgresql.crt', env));
  if (certificateFile === undefined) {
    if (sslkey === undefined) return {};
    throw new InvalidArgumentError('sslcert', undefined, `the certificate that the key ${sslkey} is for`);
  }
  const keyFile = sslkey ?? (await fileAtHome('postgresql.key', env));
  if (keyFile === undefined)
    throw new InvalidArgumentError('sslkey', undefined, `the key of the certificate ${certificateFile}`);
  const cert = await contentOf('sslcert', certificateFile);
  const certificate = await certificateIn('sslcert', { file: certificateFile, content: cert });
  await refuseOpenKey(keyFile);
  const key = await contentOf('sslkey', keyFile);
  await refuseOtherKey(certificate, { key, keyFile, certificateFile });
  return { cert, key };
}

/** Throws unless its owner alone may read it; as in libpq, the group may where root owns it. */
async function refuseOpenKey(file: string): Promise<void> {
  const { stat } = await import('node:fs/promises');
  const facts = process.platform === 'win32' ? undefined : await stat(file).catch(() => undefined);
  if (facts && (facts.mode & (facts.uid === 0 ? 0o037 : 0o077)) !== 0)
    throw new InvalidArgumentError('sslkey', file, 'a file that its owner alone may read (chmod 600)');
}

async function refuseOtherKey(
  certificate: X509Certificate,
  {
    key,
    keyFile,
    certificateFile,
  }: { readonly key: string; readonly keyFile: string; readonly certificateFile: string },
): Promise<void> {
  const { createPrivateKey } = await import('node:crypto');
  let isOfCertificate: boolean;
  try {
    isOfCertificate = certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new InvalidArgumentError('sslkey', keyFile, 'a private key as PEM, without a passphrase');
  }
  if (!isOfCertificate)
    throw new InvalidArgumentError('sslkey', keyFile, `the key of the certificate ${certificateFile}`);
}

/** The first certificate of a file. */
async function certificateIn(
  name: string,
  { file, content }: { readonly file: string; readonly content: string },
): Promise<X509Certificate> {
  const { X509Certificate } = await import('node:crypto');
  try {
    return new X509Certificate(content);
  } catch {
    throw new InvalidArgumentError(name, file, 'a file of certificates as PEM');
  }
}

async function contentOf(name: string, file: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InvalidArgumentError(name, file, `a file that can be read (${error.code})`);
  });
}

/** Where libpq looks for a file that was not named; undefined where there is none. */
async function fileAtHome(name: string, env: Environment): Promise<string | undefined> {
  const { existsSync } = await import('node:fs');
  const { homedir } = await import('node:os');
  const { join } = await import('node:path');
  const file =
    process.platform === 'win32'
      ? join(env['APPDATA'] ?? homedir(), 'postgresql', name)
      : join(homedir(), '.postgresql', name);
  return existsSync(file) ? file : undefined;
}
