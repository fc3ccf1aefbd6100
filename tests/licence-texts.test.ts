import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { licenceTexts } from '../scripts/licence-texts.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-licences-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The folder of a package with these files. */
function packageWith(name: string, license: string, files: Readonly<Record<string, string>>): string {
  const home = join(folder, name);
  mkdirSync(home);
  const manifest = JSON.stringify({ name, version: '1.0.0', license });
  for (const [file, text] of Object.entries({ 'package.json': manifest, ...files }))
    writeFileSync(join(home, file), text);
  return home;
}

it('takes the files of a licence, or else that section of the README', () => {
  const readme =
    '# a\n\nwhat it does\n\n## License\n\nCopyright of someone\n\nPermission\n\n## Contact\n\nnobody\n';
  const texts = licenceTexts([
    packageWith('b', 'ISC', { LICENSE: 'text', 'NOTICE.md': 'notice', 'README.md': readme }),
    packageWith('a', 'MIT', { 'readme.md': readme }),
    packageWith('c', 'MIT', { 'README.md': '## Licence\nCopyright, at the end' }),
  ]);
  expect(texts).toEqual([
    'a 1.0.0 (MIT)\n\nCopyright of someone\n\nPermission',
    'b 1.0.0 (ISC)\n\ntext\n\nnotice',
    'c 1.0.0 (MIT)\n\nCopyright, at the end',
  ]);
});

it('adds the text of Apache-2.0 once where packages under it have only a header or nothing', () => {
  const header = packageWith('header', 'Apache-2.0', {
    LICENSE: 'Copyright. Licensed under the Apache License',
  });
  const nothing = packageWith('nothing', 'Apache-2.0', {});
  const texts = licenceTexts([nothing, header]);
  expect(texts.map((text) => text.split('\n')[0])).toEqual([
    'header 1.0.0 (Apache-2.0)',
    'nothing 1.0.0 (Apache-2.0)',
    'Apache-2.0',
  ]);
  expect(texts[1]).toContain('that of Apache-2.0 is an entry');
  expect(texts[2]).toMatch(/TERMS AND CONDITIONS FOR USE.*END OF TERMS/s);
});

it('throws where there is no text', () => {
  const named = packageWith('named', 'MIT', { 'README.md': '## License\n\nMIT\n' });
  expect(() => licenceTexts([named])).toThrow('named 1.0.0 (MIT) has no text of its licence');
});
