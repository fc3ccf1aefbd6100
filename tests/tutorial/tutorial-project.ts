import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { packagesIn, root } from '../../scripts/workspace.ts';
import { codeBlocks } from '../code-blocks.ts';
import { runCommand } from '../run-command.ts';

export const tutorial = join(root, 'docs/tutorial');

/** A file of a page that is run, the page, and what the page says that it prints, if it does. */
export interface TutorialProgram {
  readonly page: string;
  readonly name: string;
  readonly prints: string | undefined;
}

export interface TutorialProject {
  /** A user's project: the files of all pages, the data, and every package of ours. */
  readonly folder: string;
  readonly files: readonly string[];
  /** In the order of the pages. */
  readonly programs: readonly TutorialProgram[];
}

/**
 * Writes the files of all pages into an empty folder. Programs are the files with a block of text after them, which is what they
 * print, and those named `draw-…`.
 */
export function tutorialProject(folder: string): TutorialProject {
  rmSync(folder, { recursive: true, force: true });
  for (const { folder: from, manifest } of packagesIn('packages')) {
    const link = join(folder, 'node_modules', manifest.name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, from), link, 'dir');
  }
  const files: string[] = [];
  const programs: TutorialProgram[] = [];
  const entries = readdirSync(tutorial).sort();
  for (const name of entries.filter((entry) => entry.endsWith('.csv')))
    copyFileSync(join(tutorial, name), join(folder, name));
  for (const page of entries.filter((entry) => entry.endsWith('.md'))) {
    const blocks = codeBlocks(join(tutorial, page)).filter(({ language }) =>
      ['ts', 'text'].includes(language),
    );
    blocks.forEach(({ language, code, line }, i) => {
      if (language !== 'ts') return;
      const name = /^\/\/ ([\w.-]+\.ts)\n/.exec(code)?.[1];
      if (name === undefined) throw new Error(`${page}:${line}: the first line of a block names its file`);
      if (files.includes(name)) throw new Error(`${page}:${line}: ${name} is there already`);
      writeFileSync(join(folder, name), code);
      files.push(name);
      const output = blocks[i + 1]?.language === 'text' ? blocks[i + 1]!.code : undefined;
      if (output !== undefined || name.startsWith('draw-')) programs.push({ page, name, prints: output });
    });
  }
  return { folder, files, programs };
}

/** Runs one program of the project; the figures that it draws lie in the folder afterwards. */
export function runProgram({ folder }: TutorialProject, { name }: TutorialProgram) {
  return runCommand(process.execPath, ['--conditions=@foothold/source', name], { cwd: folder });
}

/** The figures that a page shows, by name. */
export function figuresOf(page: string): readonly string[] {
  const text = readFileSync(join(tutorial, page), 'utf8');
  return [...text.matchAll(/\]\(([\w-]+\.svg)\)/g)].map(([, name]) => name!);
}
