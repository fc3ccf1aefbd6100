/** A shorter key is a word that a local server takes for one, and may stand in any text. */
const minSecretLength = 16;

/** The text with `(key)` for each secret, also where characters that are not seen, blanks or line breaks are between its characters. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (left, secret) => (secret === '' ? left : left.replace(patternOf(secret), '(key)')),
    text,
  );
}

/** The secrets that no text has by chance. */
export function longSecrets(secrets: readonly string[]): readonly string[] {
  return secrets.filter(({ length }) => length >= minSecretLength);
}

function patternOf(secret: string): RegExp {
  const signs = [...secret].map((sign) => sign.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&'));
  return new RegExp(signs.join('[\\p{C}\\s]*'), 'gu');
}
