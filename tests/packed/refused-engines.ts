import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { minVersion, satisfies } from 'semver';

/** `name@version wants RANGE` of every package installed below `home` whose `engines.node` excludes this version of Node. */
export function refusedEngines(home: string, node: string): readonly string[] {
  return installed(join(home, 'node_modules')).flatMap((folder) => {
    const { name, version, engines } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly name: string;
      readonly version: string;
      readonly engines?: { readonly node?: string };
    };
    const range = engines?.node;
    if (range === undefined || satisfies(node, range)) return [];
    return [`${name}@${version} wants ${range} (at least ${minVersion(range)})`];
  });
}

/** Folders of all installed packages, nested ones included. */
export function installed(modules: string): readonly string[] {
  if (!existsSync(modules)) return [];
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((part) => `${name}/${part}`) : [name],
    )
    .map((name) => join(modules, name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .flatMap((folder) => [folder, ...installed(join(folder, 'node_modules'))]);
}
