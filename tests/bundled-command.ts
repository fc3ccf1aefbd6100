import { join } from 'node:path';
import { bundledProgram } from '../scripts/bundled-program.ts';
import { root } from '../scripts/workspace.ts';

/**
 * The `foothold` command of the sources as one bundle at FOOTHOLD_TEST_MAIN: tests start it hundreds of times. Where it cannot be bundled,
 * they start its modules, and say what is wrong with them.
 */
export async function setup(): Promise<void> {
  if (process.env['FOOTHOLD_TEST_MAIN'] !== undefined) return;
  const folder = join(process.env['FOOTHOLD_TEST_FOLDER']!, 'command');
  try {
    process.env['FOOTHOLD_TEST_MAIN'] = await bundledProgram(join(root, 'packages/cli/src/main.ts'), folder);
  } catch (error) {
    console.error(`the command was not bundled: ${(error as Error).message}`);
  }
}
