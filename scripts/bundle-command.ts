import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';
import { licenceTexts } from './licence-texts.ts';
import { root } from './workspace.ts';

const builtBy = (name: string, file: string) => join(root, 'packages', name, 'dist', file);

/** Programs that Node starts; the second one is a thread of the first. */
const programs = {
  main: builtBy('cli', 'main.js'),
  'sampler-thread-program': builtBy('server', 'sampler-thread-program.js'),
};

/**
 * Modules that are loaded by `import()` before the first suggestion of `ask-tell`. With all that they load at once they are one file,
 * since a program waits for it; what the help loads too is another one.
 */
const suggestion = [builtBy('cli', 'commands/ask-tell.js'), builtBy('optimize', 'auto-sampler.js')];
const help = [programs.main, builtBy('cli', 'program.js')];

/** Packages that the user chooses to install; all others that are imported are in the bundle. */
const peers = ['pg-boss'];

/**
 * Modules that load others by `createRequire`, which stay outside: the manifest of `pg-boss`, and `undici`, with which the language model's
 * provider downloads files that are named by their addresses. No prompt or answer of ours has such files.
 */
const requiring = ['/worker/dist/load-pg-boss.js', '/@ai-sdk/provider-utils/dist/index.mjs'];

const separator = `\n\n${'-'.repeat(80)}\n\n`;

/**
 * Writes the `foothold` command, with all that it needs of other packages, to `folder`, which is emptied before: `main.js` and its
 * parts, the pages of the server, and the licences of what is in them. Throws where the packages are not built.
 */
export async function bundleCommand(folder: string): Promise<void> {
  for (const file of [...Object.values(programs), ...suggestion, ...help])
    if (!existsSync(file)) throw new Error(`${file} is not there: run \`pnpm build\` first`);
  rmSync(folder, { recursive: true, force: true });
  const plain = await bundled({ write: false });
  refuseUnknownRequires(plain);
  const [early, all] = [loadedWith(plain, help), loadedWith(plain, suggestion)];
  const files = {
    start: (id: string) => all.has(id) && early.has(id),
    suggestion: (id: string) => all.has(id) && !early.has(id),
  };
  const result = await bundled({ write: true, folder, files });
  for (const page of ['dashboard', 'report.html'])
    cpSync(builtBy('server', page), join(folder, page), { recursive: true });
  const pages = ['dashboard/licenses.txt', 'report-licenses.txt'].map((file) =>
    readFileSync(builtBy('server', file), 'utf8').trim(),
  );
  const texts = new Set([...licenceTexts(packagesOfOthers(result)), ...pages]);
  writeFileSync(join(folder, 'licenses.txt'), `${[...texts].join(separator)}\n`);
}

type Output = Rolldown.RolldownOutput['output'];

/** The bundle, with the modules that each of `files` takes in a file of that name. */
async function bundled({
  write,
  folder,
  files = {},
}: {
  readonly write: boolean;
  readonly folder?: string;
  readonly files?: Readonly<Record<string, (id: string) => boolean>>;
}): Promise<Output> {
  const groups = Object.entries(files).map(([name, test]) => ({ name, test }));
  const { output } = (await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [prefixedBuiltIns],
    ssr: { noExternal: true, external: peers, target: 'node' },
    build: {
      ...{ ssr: true, target: 'node20', minify: write, copyPublicDir: false, write },
      ...(folder !== undefined && { outDir: folder, emptyOutDir: true }),
      rolldownOptions: {
        input: programs,
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
          codeSplitting: { groups, includeDependenciesRecursively: false },
        },
      },
    },
  })) as Rolldown.RolldownOutput;
  return output;
}

/** Modules that these load at once, themselves among them. */
function loadedWith(output: Output, modules: readonly string[]): ReadonlySet<string> {
  const chunks = new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])));
  const loaded = new Set<string>();
  const load = (name: string) => {
    const chunk = chunks.get(name);
    if (!chunk || loaded.has(name)) return;
    loaded.add(name);
    for (const other of chunk.imports) load(other);
  };
  for (const [name, { moduleIds }] of chunks) if (moduleIds.some((id) => modules.includes(id))) load(name);
  return new Set([...loaded].flatMap((name) => chunks.get(name)!.moduleIds));
}

/** Imports Node's own modules by their names with `node:`, also where a package of others leaves that out. */
const prefixedBuiltIns: Plugin = {
  name: 'prefixed-built-ins',
  enforce: 'pre',
  resolveId: (name) =>
    builtinModules.includes(name) && !name.startsWith('node:')
      ? { id: `node:${name}`, external: true }
      : null,
};

/** The folders of the packages of others whose code is in the bundle. */
function packagesOfOthers(output: Output): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const chunk of output) {
    if (chunk.type !== 'chunk') continue;
    for (const id of chunk.moduleIds) {
      const found = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0];
      if (found) folders.add(found);
    }
  }
  return folders;
}

/**
 * Throws where a module loads others by `createRequire` and is not in `requiring`, or by a `require` that the bundler left: these are not in the
 * bundle.
 */
function refuseUnknownRequires(output: Output): void {
  const modules = output.flatMap((file) => (file.type === 'chunk' ? Object.entries(file.modules) : []));
  for (const [id, { code }] of modules) {
    if (code === null || id.endsWith('rolldown/runtime.js')) continue;
    const others = [...code.matchAll(/\b__require\(([^)]*)\)/g)].filter(
      ([, name]) => !/^["']node:/.test(name!),
    );
    if (others.length > 0) throw new Error(`${id} requires ${others[0]![1]}, which is not in the bundle`);
    if (code.includes('createRequire') && !requiring.some((end) => id.endsWith(end)))
      throw new Error(`${id} loads by createRequire what the bundle may lack: see \`requiring\``);
  }
}
