import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';

/** Names of Node's own modules without their prefix; `sqlite` and others exist with it only. */
const builtIns = new Set(
  [...builtinModules, 'sqlite', 'test', 'sea', 'test/reporters'].map((name) => name.replace(/^node:/, '')),
);

/** Imports of Node's own modules without `node:` in the JavaScript below a folder, static or dynamic: such a build fails where the module has no other name. */
export function builtInFaults(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[cm]?js$/.test(name))
    .sort()
    .flatMap((name) =>
      ts
        .preProcessFile(readFileSync(join(folder, name), 'utf8'), true, true)
        .importedFiles.filter(({ fileName }) => builtIns.has(fileName))
        .map(({ fileName }) => `${name} imports '${fileName}' instead of 'node:${fileName}'`),
    );
}
