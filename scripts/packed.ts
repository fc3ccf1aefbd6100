import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../tests/run-command.ts';
import { type Package, root } from './workspace.ts';

/** A package as it would be published. */
export interface Packed {
  readonly name: string;
  /** Path of its tarball. */
  readonly file: string;
}

/** Packs packages that are built into a folder, all by one call. Throws what pnpm printed where one of them is not there. */
export async function packed(packages: readonly Package[], folder: string): Promise<readonly Packed[]> {
  mkdirSync(folder, { recursive: true });
  const filters = packages.flatMap(({ manifest }) => ['--filter', manifest.name]);
  const args = [...filters, '--recursive', 'pack', '--pack-destination', folder];
  const { code, stdout, stderr } = await runCommand('pnpm', args, { cwd: root });
  const all = packages.map(({ manifest: { name, version } }) => ({
    name,
    file: join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`),
  }));
  if (code !== 0 || !all.every(({ file }) => existsSync(file)))
    throw new Error(`pnpm pack ended with ${code}: ${stdout}${stderr}`);
  return all;
}
