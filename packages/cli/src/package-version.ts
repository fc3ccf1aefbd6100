import { readFileSync } from 'node:fs';

/** The version in this package's package.json, one folder above its sources and above what is built of them; all packages of Foothold have the same. */
export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return (manifest as { readonly version: string }).version;
}
