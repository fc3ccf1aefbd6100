/**
 * Runs the programs of docs/tutorial and keeps the figures that they draw, after a change of a page or a chart:
 * node --conditions=@foothold/source tests/tutorial/write-figures.ts [PROGRAM …]
 */
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/workspace.ts';
import { figuresOf, runProgram, tutorial, tutorialProject } from './tutorial-project.ts';

const project = tutorialProject(join(root, 'tests/.snippets/tutorial-figures'));
const wanted = process.argv.slice(2);
const programs = project.programs.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
for (const program of programs) {
  const { code, stdout, stderr } = await runProgram(project, program);
  console.log(`${program.page}, ${program.name}:\n${stdout}`);
  if (code !== 0) throw new Error(stderr);
}
for (const page of new Set(programs.map((program) => program.page)))
  for (const name of figuresOf(page))
    if (existsSync(join(project.folder, name)))
      copyFileSync(join(project.folder, name), join(tutorial, name));
