import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { pictureGap } from './tutorial/picture-gap.ts';
import { figuresOf, runProgram, tutorial, tutorialProject } from './tutorial/tutorial-project.ts';

const project = tutorialProject(join(root, 'tests/.snippets/tutorial'));
afterAll(() => rmSync(project.folder, { recursive: true, force: true }));
const pages = readdirSync(tutorial).filter((name) => /^\d.*\.md$/.test(name));
const figures = pages.flatMap(figuresOf);

describe('docs/tutorial', () => {
  it('has six pages in order, each linked from the list and to its neighbours', () => {
    const list = readFileSync(join(tutorial, 'README.md'), 'utf8');
    expect([...list.matchAll(/^\d\. \[.*?\]\((.*?)\)/gm)].map(([, page]) => page)).toEqual(pages);
    pages.forEach((page, i) => {
      const head = readFileSync(join(tutorial, page), 'utf8').split('\n')[2];
      for (const beside of ['README.md', pages[i - 1], pages[i + 1]])
        if (beside !== undefined) expect(head).toContain(`(${beside})`);
    });
  });

  it('shows every figure that it keeps, each with a description', () => {
    const kept = readdirSync(tutorial).filter((name) => name.endsWith('.svg'));
    expect([...figures].sort()).toEqual(kept.sort());
    for (const page of pages)
      expect(readFileSync(join(tutorial, page), 'utf8')).not.toMatch(/!\[.{0,30}\]\(/);
  });

  it('shows code that strict TypeScript takes', { timeout: 120_000 }, () => {
    const base = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile).config as object;
    const { options } = ts.convertCompilerOptionsFromJson(
      { ...(base as { compilerOptions: object }).compilerOptions, lib: ['ES2023', 'DOM'], types: ['node'] },
      root,
    );
    const program = ts.createProgram(
      project.files.map((name) => join(project.folder, name)),
      options,
    );
    const faults = project.files.flatMap((name) =>
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(join(project.folder, name)))
        .map((d) => `${name}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`),
    );
    expect(faults).toEqual([]);
  });

  it('has a file for each block of code, and a program before each output', () => {
    const blocks = pages.flatMap((page) => codeBlocks(join(tutorial, page)));
    expect(blocks.filter(({ language }) => language === 'ts').length).toBe(project.files.length);
    const outputs = blocks.filter(({ language }) => language === 'text');
    expect(outputs.length).toBe(project.programs.filter(({ prints }) => prints !== undefined).length);
    // That of Ray is run by integrations/python/tests/ray.
    const python = blocks.filter(({ language }) => language === 'python');
    expect(python.map(({ code }) => code.split('\n')[0])).toEqual(['# branin_on_ray.py']);
    expect(blocks.length).toBe(project.files.length + outputs.length + python.length);
  });

  it.each(project.programs)(
    'runs $name of $page, which prints what the page says',
    { timeout: 120_000 },
    async (program) => {
      const { code, stdout, stderr } = await runProgram(project, program);
      expect(stderr).toBe('');
      expect(code).toBe(0);
      if (program.prints !== undefined) expect(stdout).toBe(program.prints);
    },
  );

  // After the programs, which draw them.
  it.each(figures)('shows %s as its program draws it', (name) => {
    const shown = readFileSync(join(tutorial, name), 'utf8');
    expect(Buffer.byteLength(shown)).toBeLessThan(70_000);
    expect(pictureGap(shown, readFileSync(join(project.folder, name), 'utf8'))).toBeLessThan(0.1);
  });
});

describe('pictureGap', () => {
  it('is the largest difference of two numbers, and infinite where anything else differs', () => {
    expect(pictureGap('<path d="M1,2L-3.5,4e2"/>', '<path d="M1,2.01L-3.5,400"/>')).toBeCloseTo(0.01, 12);
    expect(pictureGap('<path d="M1,2"/>', '<path d="M1,2,3"/>')).toBe(Infinity);
    expect(pictureGap('<text>a 1</text>', '<text>b 1</text>')).toBe(Infinity);
  });
});
