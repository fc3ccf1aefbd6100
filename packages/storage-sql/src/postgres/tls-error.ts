/** Codes by which Node says that no authority that it knows signed a certificate. */
const unknownAuthority = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

/** What is wrong between the server and us about encryption and certificates, and what to do; undefined where nothing of it is. */
export function tlsError(code: string | undefined, message: string): string | undefined {
  if (code !== undefined && unknownAuthority.has(code))
    return 'shows a certificate of an authority that is not known here: name the file with the certificate of its authority, sslrootcert=FILE or PGSSLROOTCERT';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'shows a certificate for another host: use a host that the certificate names, or sslmode=verify-ca, which does not compare the names';
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return 'shows a certificate that is not valid at this time: have it renewed, or correct the clock of this machine';
  if (message.includes('does not support SSL'))
    return 'offers no encryption, and sslmode demands it: have it switched on (ssl = on), or use sslmode=disable in a network that is yours alone';
  if (code === '28000' && message.includes('no encryption'))
    return 'takes encrypted connections only: use sslmode=verify-full (or require, which does not verify the server), in the address or as PGSSLMODE';
  if (code === '28000' && /client certificate/.test(message))
    return 'asks for a certificate of the client: name its file and that of its key, sslcert=FILE and sslkey=FILE, or PGSSLCERT and PGSSLKEY';
  if (code === '28000' && /certificate authentication failed/.test(message))
    return "does not take the client's certificate for this user: its common name is another";
  if (code !== undefined && /_ALERT_(UNKNOWN_CA|.*CERTIFICATE)/.test(code))
    return "does not take the client's certificate: use one that an authority of the server signed and that is valid at this time";
  return undefined;
}
