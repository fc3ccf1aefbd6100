import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.ts';

/** What only the whole text of Apache-2.0 has, and not the header that names it. */
const termsOfApache = 'TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION';

/**
 * The licences of the packages in these folders, one entry each: `NAME VERSION (LICENCE)` and the text, of its licence and notice files or else of
 * its README. Where a package under Apache-2.0 has no more than a header, or nothing, one more entry has the text of that licence. Throws where a
 * package of another licence has no text.
 */
export function licenceTexts(folders: Iterable<string>): readonly string[] {
  let isApacheNeeded = false;
  const texts = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    let text = ownText(folder);
    if (license === 'Apache-2.0' && !text.includes(termsOfApache)) {
      isApacheNeeded = true;
      text ||= 'The package brings no text; that of Apache-2.0 is an entry of its own here.';
    }
    if (text === '') throw new Error(`${name} ${version} (${license}) has no text of its licence`);
    return `${name} ${version} (${license})\n\n${text}`;
  });
  return [...texts.sort(), ...(isApacheNeeded ? [apache()] : [])];
}

function ownText(folder: string): string {
  const files = readdirSync(folder);
  const textOf = (file: string) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  const own = files
    .filter((file) => /^(licen[cs]e|notice)/i.test(file))
    .map(textOf)
    .join('\n\n')
    .trim();
  const readme = files.find((file) => /^readme/i.test(file));
  if (own !== '' || readme === undefined) return own;
  const [, afterHeading = ''] = textOf(readme).split(/^#+ *licen[cs]e *\n/im);
  const [section = ''] = afterHeading.split(/^#/m);
  // A README may only name its licence, or link to it.
  return /copyright/i.test(section) ? section.trim() : '';
}

/** The text of Apache-2.0, as a tool of this workspace brings it. */
function apache(): string {
  const text = readFileSync(join(root, 'node_modules/typescript/LICENSE.txt'), 'utf8');
  if (!text.includes(termsOfApache)) throw new Error('typescript brings no text of Apache-2.0');
  return `Apache-2.0\n\n${text.replaceAll('\r\n', '\n').trim()}`;
}
