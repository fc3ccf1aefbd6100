import { existsSync, readFileSync } from 'node:fs';

/**
 * The version in the nearest package.json above this file: that of this package, or of the one whose bundle this file is in. All
 * packages of Foothold have the same.
 */
export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(manifestIn(new URL('.', import.meta.url)), 'utf8'));
  return (manifest as { readonly version: string }).version;
}

/** The package.json of this folder, or of the nearest one above that has one. */
function manifestIn(folder: URL): URL {
  const [manifest, above] = [new URL('package.json', folder), new URL('..', folder)];
  return existsSync(manifest) || above.href === folder.href ? manifest : manifestIn(above);
}
