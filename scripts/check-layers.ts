import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagesIn, root, sourceFiles } from './workspace.ts';

/** The layer of each package: a package may depend only on packages of lower layers. */
const layers: Readonly<Record<string, number>> = {
  core: 0,
  numerics: 1,
  linalg: 1,
  space: 1,
  testing: 1,
  'linalg-ml-matrix': 2,
  'storage-sql': 2,
  'linalg-tfjs': 2,
  'linalg-gpujs': 2,
  'gp-models': 2,
  acquisitions: 2,
  samplers: 2,
  study: 2,
  viz: 2,
  checkpoints: 3,
  sources: 3,
  llm: 3,
  worker: 3,
  'study-model': 3,
  optimize: 4,
  protocol: 5,
  server: 6,
  mcp: 7,
  cli: 8,
  foothold: 9,
};

/** Edges between packages that point up or sideways, and packages without a layer; empty when all is well. */
export function layerFaults(): readonly string[] {
  const short = (name: string) => (name === 'foothold' ? name : name.replace('@foothold/', ''));
  const ours = (name: string) => name === 'foothold' || name.startsWith('@foothold/');
  return packagesIn('packages').flatMap(({ folder, manifest }) => {
    const name = short(manifest.name);
    const layer = layers[name];
    if (layer === undefined) return [`${folder}: ${manifest.name} has no layer in scripts/check-layers.ts`];
    // A program is a bundle: what it needs at run time is a devDependency.
    const bundled = manifest.bin ? manifest.devDependencies : {};
    const runtime = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...bundled })
      .filter(ours)
      .map(short);
    return runtime.flatMap((dependency) =>
      dependency === 'testing'
        ? [`${name} needs testing at run time: make it a devDependency`]
        : (layers[dependency] ?? Infinity) < layer
          ? []
          : [
              `${name} (layer ${layer}) may not depend on ${dependency} (layer ${layers[dependency] ?? 'none'})`,
            ],
    );
  });
}

/** Source files that import the package they are in by its name, which its build cannot resolve. */
export function selfImportFaults(): readonly string[] {
  const names = new Map(packagesIn('packages').map(({ folder, manifest }) => [folder, manifest.name]));
  return sourceFiles().flatMap((file) => {
    const name = names.get(file.split('/').slice(0, 2).join('/'));
    if (name === undefined || !/^packages\/[^/]+\/src\/.*\.ts$/.test(file) || file.endsWith('.test.ts'))
      return [];
    return readFileSync(join(root, file), 'utf8').includes(`from '${name}'`)
      ? [`${file} imports its own package ${name}: import the file instead`]
      : [];
  });
}
