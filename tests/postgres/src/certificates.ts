import { generate } from 'selfsigned';

/** A certificate and its private key, as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate of its own authority, which signs others. */
export function authority(name: string): Promise<Certificate> {
  return made(name, {
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
}

/** A certificate of a server or a client, signed by an authority. `hosts`: the DNS names that it is for. */
export function certificate(
  name: string,
  by: Certificate,
  { hosts = [], expired = false }: { readonly hosts?: readonly string[]; readonly expired?: boolean } = {},
): Promise<Certificate> {
  return made(name, {
    ca: { cert: by.certificate, key: by.key },
    ...(expired && { notBeforeDate: new Date('2001-01-01'), notAfterDate: new Date('2001-02-01') }),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      ...(hosts.length > 0
        ? [
            {
              name: 'subjectAltName' as const,
              altNames: hosts.map((value) => ({ type: 2 as const, value })),
            },
          ]
        : []),
    ],
  });
}

async function made(name: string, options: Parameters<typeof generate>[1]): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    ...{ keyType: 'ec', algorithm: 'sha256' },
    ...options,
  });
  return { certificate: cert, key };
}
