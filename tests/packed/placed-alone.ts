import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

interface Installed {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/**
 * Fills an empty folder with these packages and what their manifests say that they need, from a folder where npm installed them among
 * others. Nothing else is there, so that what a package imports and does not name is missing. Files are hard links.
 */
export function placedAlone(all: string, home: string, names: Iterable<string>): void {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'alone', private: true, type: 'module' }));
  const seen = new Set<string>();
  const add = (name: string, from: string, isOptional = false) => {
    const folder = resolved(all, from, name);
    if (folder === undefined && isOptional) return;
    if (folder === undefined) throw new Error(`${name}, which ${from} names, is not installed`);
    if (seen.has(folder)) return;
    seen.add(folder);
    linkFiles(folder, join(home, relative(all, folder)));
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Installed;
    for (const needed of Object.keys(manifest.dependencies ?? {}))
      add(needed, folder, needed in (manifest.optionalDependencies ?? {}));
    for (const needed of Object.keys(manifest.optionalDependencies ?? {})) add(needed, folder, true);
    for (const peer of Object.keys(manifest.peerDependencies ?? {}))
      if (manifest.peerDependenciesMeta?.[peer]?.optional !== true) add(peer, folder);
  };
  for (const name of names) add(name, all);
}

/** The folder of a package as Node finds it from another one. */
function resolved(all: string, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
    if (folder === all || folder === dirname(folder)) return undefined;
  }
}

/** Links the files of a package, without the packages nested in it. */
function linkFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isFile()) linkSync(source, target);
    else if (entry.isDirectory() && entry.name !== 'node_modules') linkFiles(source, target);
  }
}
