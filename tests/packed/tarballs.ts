import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packed } from '../../scripts/packed.ts';
import { packagesIn, root } from '../../scripts/workspace.ts';
import { type CommandResult, runCommand } from '../run-command.ts';
import { userEnvironment } from './user-environment.ts';

export const packages = packagesIn('packages').filter(({ manifest }) => manifest.private !== true);
export const byName = new Map(packages.map((p) => [p.manifest.name, p]));

/** Builds and packs every package: the path of each tarball by the package's name. Throws with the output of what failed. */
export async function packedTarballs(folder: string): Promise<ReadonlyMap<string, string>> {
  succeeded(
    await runCommand('pnpm', ['build', '--output-logs=errors-only'], { cwd: root, timeout: 600_000 }),
  );
  return new Map((await packed(packages, join(folder, 'tarballs'))).map(({ name, file }) => [name, file]));
}

/** A package and everything of ours that it needs at run time; with `shown`, also those of ours among these names. */
export function withDependencies(
  name: string,
  seen = new Set<string>(),
  shown: readonly string[] = [],
): ReadonlySet<string> {
  seen.add(name);
  for (const other of shown) if (byName.has(other) && !seen.has(other)) withDependencies(other, seen);
  for (const dependency of Object.keys(byName.get(name)?.manifest.dependencies ?? {}))
    if (byName.has(dependency) && !seen.has(dependency)) withDependencies(dependency, seen);
  return seen;
}

/** Installs dependencies into an empty folder as a user would, with the machine's npm. */
export async function installInto(
  home: string,
  dependencies: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  mkdirSync(home, { recursive: true });
  const manifest = { name: 'alone', private: true, type: 'module', dependencies };
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest));
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
  return succeeded(await runCommand('npm', args, { cwd: home, env: userEnvironment(), timeout: 240_000 }));
}

function succeeded(result: CommandResult): CommandResult {
  if (result.code !== 0) throw new Error(`ended with ${result.code}: ${result.stdout}${result.stderr}`);
  return result;
}
