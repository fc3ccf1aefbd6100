import { stripVTControlCharacters } from 'node:util';

const hidden = '***';

/** Names of environment variables whose values are secrets. */
const secretName = /KEY|TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL/i;
/** Shorter values are words and numbers that stand in any output. */
const minSecretLength = 6;

/** Texts that are secrets by their form; what stays of a match is the first group. */
const secretForms: readonly RegExp[] = [
  /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:@/]{0,64}:)[^\s@/]{1,256}(?=@)/gi,
  /(\b(?:Bearer|Basic) )[\w.~+/=-]{8,}/g,
  /(\b(?:[\w-]{0,32}[_-])?(?:api[_-]?key|token|secret|passw(?:or)?d|passphrase)["']?\s{0,3}[=:]\s{0,3}["']?)[^\s"',;&]{8,}/gi,
  /()\b(?:sk|pk|ghp|gho|ghs|github_pat|glpat|hf|xox[abprs])[-_][A-Za-z0-9_-]{12,}/g,
  /()\bAKIA[0-9A-Z]{16}\b/g,
];

/**
 * The text with `***` for what must not be kept: values of environment variables whose name has KEY, TOKEN, SECRET,
 * PASSWORD or CREDENTIAL, passwords in addresses, and texts of the usual forms of keys.
 */
export function withoutSecrets(
  text: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const values = Object.entries(env)
    .flatMap(([name, value = '']) =>
      secretName.test(name) && value.trim().length >= minSecretLength ? [value.trim()] : [],
    )
    .sort((a, b) => b.length - a.length);
  let result = text;
  for (const value of values) result = result.replaceAll(value, hidden);
  for (const form of secretForms) result = result.replace(form, (_, stays: string) => `${stays}${hidden}`);
  return result;
}

/**
 * The text as one line that any terminal, page or log may show: no escape sequences, control characters, halves of surrogate pairs or
 * marks that change the direction of text; line ends and tabs are spaces.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/\p{Cs}/gu, '\ufffd')
    .replaceAll(/[\t\r\n\u2028\u2029]+/g, ' ')
    .replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '');
}
