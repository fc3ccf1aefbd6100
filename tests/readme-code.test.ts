import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packagesIn, root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { runCommand } from './run-command.ts';

/** Markdown files, each with the package whose folder its `ts` blocks run in (they import it by name). */
const pages = [
  { file: 'README.md', home: 'packages/foothold' },
  ...(existsSync(join(root, 'docs'))
    ? readdirSync(join(root, 'docs'))
        .filter(
          (name) =>
            name.endsWith('.md') && !['extending.md', 'language-model.md', 'server.md'].includes(name),
        ) // they have tests of their own
        .map((name) => ({ file: `docs/${name}`, home: 'packages/foothold' }))
    : []),
  ...packagesIn('packages').map(({ folder }) => ({ file: `${folder}/README.md`, home: folder })),
]
  .filter(({ file }) => existsSync(join(root, file)))
  .map((page) => ({
    ...page,
    // tests/browser/indexed-db.test.ts runs the program of a browser.
    blocks: codeBlocks(join(root, page.file)).filter(
      ({ language, code }) => language === 'ts' && !code.includes('indexedDbStorage'),
    ),
  }))
  .filter(({ blocks }) => blocks.length > 0);

const scratch = (home: string) => join(root, home, '.snippets');
afterAll(() => {
  for (const { home } of pages) rmSync(scratch(home), { recursive: true, force: true });
});

describe.each(pages)('$file', ({ file, home, blocks }) => {
  it.each(blocks)(
    'runs its example of line $line from source',
    { timeout: 120_000 },
    async ({ code, line }) => {
      mkdirSync(scratch(home), { recursive: true });
      const path = join(scratch(home), `${file.replaceAll(/[/.]/g, '-')}-${line}.ts`);
      writeFileSync(path, code);
      const result = await runCommand(process.execPath, ['--conditions=@foothold/source', path], {
        cwd: scratch(home),
      });
      expect(result.stderr).not.toMatch(/Error/);
      expect(result.code).toBe(0);
      expect(result.stdout.trim()).not.toBe('');
    },
  );
});
