import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundledProgram } from '../scripts/bundled-program.ts';
import { root } from '../scripts/workspace.ts';

/**
 * The `foothold` command of the sources as one bundle at FOOTHOLD_TEST_MAIN: tests start it hundreds of times. It is made again before tests that
 * a change of a file starts. Where it cannot be bundled, they start its modules, and say what is wrong with them.
 */
export async function setup(project: Pick<TestProject, 'onTestsRerun'>): Promise<void> {
  if (process.env['FOOTHOLD_TEST_MAIN'] !== undefined) return;
  const folder = join(process.env['FOOTHOLD_TEST_FOLDER']!, 'command');
  const bundle = async () => {
    delete process.env['FOOTHOLD_TEST_MAIN'];
    try {
      process.env['FOOTHOLD_TEST_MAIN'] = await bundledProgram(
        join(root, 'packages/cli/src/main.ts'),
        folder,
      );
    } catch (error) {
      console.error(`the command was not bundled: ${(error as Error).message}`);
    }
  };
  await bundle();
  project.onTestsRerun(bundle);
}
