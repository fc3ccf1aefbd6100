import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packed } from './packed.ts';
import { toolFaults } from './run-tool.ts';
import type { Package } from './workspace.ts';

/** What publint and attw report of built packages, as they would be published. */
export async function publishedFaults(built: readonly Package[]): Promise<readonly string[]> {
  if (built.length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), 'foothold-published-'));
  try {
    const tarballs = await packed(built, folder);
    const faults = await Promise.all([
      ...built.map((of) => toolFaults('publint', ['--strict', of.folder])),
      ...tarballs.map(({ file }) => toolFaults('attw', [file, '--profile', 'esm-only'])),
    ]);
    return faults.flat();
  } catch (error) {
    return [String(error)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
