import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';
import { root } from './workspace.ts';

const builtBy = (name: string, file: string) => join(root, 'packages', name, 'dist', file);

/** Programs that Node starts; the second one is a thread of the first. */
const programs = {
  main: builtBy('cli', 'main.js'),
  'sampler-thread-program': builtBy('server', 'sampler-thread-program.js'),
};

/**
 * Files that are one each, with all that these modules import at once, because a process loads most of it. What another file before
 * has is left out: help needs the first one only.
 */
const files = {
  start: [
    builtBy('cli', 'open-databases.js'),
    builtBy('cli', 'package-version.js'),
    builtBy('protocol', 'sampler-named.js'),
    builtBy('optimize', 'transfer-methods.js'),
  ],
  suggestion: [
    builtBy('cli', 'commands/ask-tell.js'),
    builtBy('optimize', 'index.js'),
    builtBy('optimize', 'auto-sampler.js'),
  ],
};

/** Packages that the user chooses to install; all others are in the bundle. */
const peers = ['pg-boss'];

const separator = `\n\n${'-'.repeat(80)}\n\n`;

/**
 * Writes the `foothold` command, with all that it needs of other packages, to `folder`, which is emptied before: `main.js` and its
 * parts, the pages of the server, and the licences of what is in them. Throws where the packages are not built.
 */
export async function bundleCommand(folder: string): Promise<void> {
  for (const file of [...Object.values(programs), ...Object.values(files).flat()])
    if (!existsSync(file)) throw new Error(`${file} is not there: run \`pnpm build\` first`);
  rmSync(folder, { recursive: true, force: true });
  const result = (await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [prefixedBuiltIns],
    ssr: { noExternal: true, external: peers, target: 'node' },
    build: {
      ...{
        ssr: true,
        target: 'node20',
        outDir: folder,
        emptyOutDir: true,
        minify: true,
        copyPublicDir: false,
      },
      rolldownOptions: {
        input: programs,
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
          codeSplitting: {
            groups: Object.entries(files).map(([name, modules], i) => ({
              name,
              test: (id: string) => modules.includes(id),
              priority: Object.keys(files).length - i,
            })),
          },
        },
      },
    },
  })) as Rolldown.RolldownOutput;
  for (const page of ['dashboard', 'report.html'])
    cpSync(builtBy('server', page), join(folder, page), { recursive: true });
  const pages = ['dashboard/licenses.txt', 'report-licenses.txt'].map((file) =>
    readFileSync(builtBy('server', file), 'utf8').trim(),
  );
  writeFileSync(join(folder, 'licenses.txt'), `${[licencesOf(result), ...pages].join(separator)}\n`);
}

/** Imports Node's own modules by their names with `node:`, also where a package of others leaves that out. */
const prefixedBuiltIns: Plugin = {
  name: 'prefixed-built-ins',
  enforce: 'pre',
  resolveId: (name) => (builtinModules.includes(name) ? { id: `node:${name}`, external: true } : null),
};

/** The licences of the packages of others whose code is in the bundle. */
function licencesOf({ output }: Rolldown.RolldownOutput): string {
  const folders = new Set<string>();
  for (const chunk of output) {
    if (chunk.type !== 'chunk') continue;
    for (const id of chunk.moduleIds) {
      const found = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0];
      if (found) folders.add(found);
    }
  }
  const texts = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
    const text = files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
    return `${name} ${version} (${license})\n\n${text}`;
  });
  return texts.sort().join(separator);
}
