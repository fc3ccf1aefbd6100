import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtInFaults } from './check-built-ins.ts';
import { engines, type Manifest, packagesIn, root } from './workspace.ts';

/** What is wrong with the published face of each package: exports, files, README, imports that the manifest does not declare, built-ins without `node:` in what is built. */
export function exportFaults(): readonly string[] {
  return packagesIn('packages').flatMap(({ folder, manifest }) => {
    const faults: string[] = [];
    const want = (ok: boolean, text: string) => {
      if (!ok) faults.push(`${folder}: ${text}`);
    };
    faults.push(...manifestFaults(manifest).map((text) => `${folder}: package.json ${text}`));
    want(existsSync(join(root, folder, 'README.md')), 'README.md is missing');
    for (const [path, conditions] of Object.entries(manifest.exports ?? {})) {
      const source = conditions['@foothold/source'];
      want(
        Object.keys(conditions)[0] === '@foothold/source',
        `exports["${path}"] must name @foothold/source first`,
      );
      want(
        source !== undefined && existsSync(join(root, folder, source)),
        `exports["${path}"]: ${source} is missing`,
      );
      want(
        conditions.types !== undefined && conditions.default !== undefined,
        `exports["${path}"] needs types and default`,
      );
    }
    faults.push(...builtInFaults(join(root, folder, 'dist')).map((fault) => `${folder}/dist/${fault}`));
    const declared = new Set(
      Object.keys({
        ...{ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.imports },
        [manifest.name]: '',
      }),
    );
    for (const file of sourcesOf(join(root, folder, 'src'))) {
      const development = new Set([
        ...declared,
        ...(isTest(file) ? Object.keys(manifest.devDependencies ?? {}) : []),
      ]);
      for (const name of importsOf(readFileSync(file, 'utf8')))
        if (!development.has(name) && !(isTest(file) && name === 'vitest'))
          faults.push(
            `${file.slice(root.length)} imports ${name}, which ${folder}/package.json does not declare`,
          );
    }
    return faults;
  });
}

/** What every package publishes. */
const published = ['dist', 'src', '!src/**/*.test.ts', '!src/**/*.fixture.ts', '!src/**/fixtures'];

function manifestFaults(manifest: Manifest): readonly string[] {
  const { keywords, sideEffects } = manifest;
  const wanted: readonly (readonly [boolean, string])[] = [
    [manifest['type'] === 'module', 'needs "type": "module"'],
    [manifest['license'] === 'MIT', 'needs "license": "MIT"'],
    [typeof manifest['description'] === 'string', 'needs a description'],
    [Array.isArray(keywords) && keywords.length > 1, 'needs keywords'],
    [
      JSON.stringify(manifest['engines']) === JSON.stringify({ node: engines }),
      `needs "engines": {"node":"${engines}"}, as the workspace`,
    ],
    [
      JSON.stringify(manifest['files']) === JSON.stringify(published),
      `needs "files": ${JSON.stringify(published)}`,
    ],
    [sideEffects === false || Array.isArray(sideEffects), 'needs "sideEffects": false, or a list of files'],
  ];
  return wanted.filter(([ok]) => !ok).map(([, text]) => text);
}

const isTest = (file: string) => /\.(test|fixture)\.ts$/.test(file);

function sourcesOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.generated.ts'))
    .map((name) => join(folder, name));
}

/** Names of the packages that a source file imports at run time. */
function importsOf(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const match of text.matchAll(/^\s*(?:import|export)\s(?!type\b)[^;]*?from\s+'([^'.][^']*)'/gm)) {
    const path = match[1]!;
    if (path.startsWith('node:')) continue;
    names.add(
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  }
  return names;
}
