import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../scripts/workspace.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');
/** Every page that git knows. */
const pages = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(root, file)));

/** A page without its fenced code, in which brackets mean other things. */
const proseOf = (text: string) => text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** Names by which a page's headings are linked, as GitHub writes them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+\s+(.*)$/gm)];
  return new Set(
    headings.map(([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  );
}

/** Links of a page that lead nowhere within the project. */
function brokenLinks(file: string, text: string): readonly string[] {
  const targets = [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  return targets
    .filter((target) => !/^(https?|mailto):/.test(target))
    .filter((target) => {
      const [path, anchor] = target.split('#');
      const to = path ? normalize(join(dirname(file), path)) : file;
      if (!existsSync(join(root, to))) return true;
      return anchor !== undefined && !anchorsOf(to === file ? text : read(to)).has(anchor);
    });
}

/** Files of docs/, decisions/ and packages/ that a text names in words or in code, and that do not exist. */
function missingFiles(text: string): readonly string[] {
  return [
    ...text.matchAll(
      /(?<![\w./-])(?:docs|decisions|scripts|tests|packages|apps|benchmarks)\/[\w./-]+\.(?:md|ts|mjs|py|json)\b/g,
    ),
  ]
    .map(([path]) => path)
    .filter((path) => !existsSync(join(root, path)));
}

describe('links', () => {
  it.each(pages)('of %s lead to files and headings that exist', (file) => {
    expect(brokenLinks(file, read(file))).toEqual([]);
    expect(missingFiles(read(file))).toEqual([]);
  });

  it('to decisions in the sources lead to decisions that exist', () => {
    const mentions = execFileSync(
      'git',
      ['grep', '-hoE', 'decisions/[0-9a-z-]+\\.md', '--', '*.ts', '*.py'],
      {
        cwd: root,
        encoding: 'utf8',
      },
    );
    const missing = [...new Set(mentions.trim().split('\n'))].filter((path) => !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });

  it('are seen to be broken', () => {
    const text = '# A `b` & c\n[here](#a-b--c) [gone](#nowhere) [file](docs/none.md) `[code](x.md)`\n';
    expect(brokenLinks('README.md', text)).toEqual(['#nowhere', 'docs/none.md']);
    expect(missingFiles('see packages/core/none.ts and packages/core/src/index.ts')).toEqual([
      'packages/core/none.ts',
    ]);
  });
});
