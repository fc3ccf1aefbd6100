import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder that lives as long as the run, at FOOTHOLD_TEST_FOLDER: the browser is unpacked there, and programs that tests start find
 * there what Node compiled for another one, which takes most of the time of a short command.
 */
let folder: string | undefined;

export function setup(): void {
  if (process.env['FOOTHOLD_TEST_FOLDER'] !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'foothold-run-'));
  process.env['FOOTHOLD_TEST_FOLDER'] = folder;
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled');
}

export function teardown(): void {
  if (!folder) return;
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  } catch (error) {
    // A browser or a program that still ends writes there: that fails no test, and the folder is a temporary one.
    console.error(`${folder} was not removed: ${(error as Error).message}`);
  }
}
