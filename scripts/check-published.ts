import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../tests/run-command.ts';
import { toolFaults } from './run-tool.ts';
import { type Package, root } from './workspace.ts';

/** What publint and attw report of built packages, as they would be published. The packages are packed once, together. */
export async function publishedFaults(built: readonly Package[]): Promise<readonly string[]> {
  if (built.length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), 'foothold-published-'));
  try {
    const filters = built.flatMap(({ manifest }) => ['--filter', manifest.name]);
    const packed = await runCommand('pnpm', [...filters, '-r', 'pack', '--pack-destination', folder], {
      cwd: root,
    });
    const tarballs = readdirSync(folder);
    if (packed.code !== 0 || tarballs.length !== built.length)
      return [
        `pnpm pack ended with ${packed.code} and ${tarballs.length} of ${built.length} packages`,
        packed.stderr,
      ];
    const faults = await Promise.all([
      ...built.map((of) => toolFaults('publint', ['--strict', of.folder])),
      ...tarballs.map((name) => toolFaults('attw', [join(folder, name), '--profile', 'esm-only'])),
    ]);
    return faults.flat();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
