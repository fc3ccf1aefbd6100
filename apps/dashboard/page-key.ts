/** What the page of reports is made of, in short: where it changes, the page is built again. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('.', import.meta.url));
const workspace = join(home, '../..');

export interface PageKey {
  /** NODE_ENV as Vite takes it for a build, as a part of a file name. The page's text depends on it. */
  readonly mode: string;
  /** Hash of the sources and of the versions of packages. */
  readonly sources: string;
}

/** The key of the page that a build would give now. */
export function pageKey(): PageKey {
  return { mode: encodeURIComponent(process.env['NODE_ENV'] || 'production'), sources: sourcesHash() };
}

/** Of the page's own sources, those of the packages in it, and the versions of everything else. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  const add = (file: string) => hash.update(`${file}\n`).update(readFileSync(file));
  for (const folder of [home, ...packageFolders()]) for (const file of sourcesIn(folder)) add(file);
  add(join(workspace, 'pnpm-lock.yaml'));
  return hash.digest('hex').slice(0, 16);
}

/** Folders of the workspace's packages that the page depends on. */
function packageFolders(): readonly string[] {
  const found = new Set<string>();
  const visit = (folder: string) => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly dependencies?: Readonly<Record<string, string>>;
    };
    for (const name of Object.keys(dependencies)) {
      const other = join(workspace, 'packages', name.replace('@foothold/', ''));
      if (!name.startsWith('@foothold/') || found.has(other)) continue;
      found.add(other);
      visit(other);
    }
  };
  visit(home);
  return [...found].sort();
}

function sourcesIn(folder: string): readonly string[] {
  const own = readdirSync(folder).filter((name) => /\.(ts|json|html)$/.test(name));
  const deep = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => join('src', name))
    .filter((name) => !/\.(test|fixture)\.tsx?$/.test(name));
  return [...own, ...deep]
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .sort();
}
