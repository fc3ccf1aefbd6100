import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Rolldown } from 'vite';
import { root } from '../workspace.ts';

/** Programs that Node starts; the second one is a thread of the first. */
const programs = {
  main: join(root, 'packages/cli/dist/main.js'),
  'sampler-thread-program': join(root, 'packages/server/dist/sampler-thread-program.js'),
};

const separator = `\n\n${'-'.repeat(80)}\n\n`;

/**
 * Writes the `foothold` command, with all that it needs of other packages, to `folder`, which is emptied before: `package.json`,
 * `dist/main.js` with its parts, the pages of the server, and the licences of what is in it. Throws where the packages are not built.
 */
export async function bundleEngine(folder: string): Promise<void> {
  for (const file of Object.values(programs))
    if (!existsSync(file)) throw new Error(`${file} is not there: run \`pnpm build\` first`);
  rmSync(folder, { recursive: true, force: true });
  const dist = join(folder, 'dist');
  const result = (await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ...{ ssr: true, target: 'node24', outDir: dist, emptyOutDir: true, minify: true, copyPublicDir: false },
      rolldownOptions: {
        input: programs,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })) as Rolldown.RolldownOutput;
  cpSync(join(root, 'packages/server/dist/dashboard'), join(dist, 'dashboard'), { recursive: true });
  cpSync(join(root, 'packages/server/dist/report.html'), join(dist, 'report.html'));
  const { version } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8'));
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify({ name: 'foothold', version, type: 'module' })}\n`,
  );
  const pages = ['dashboard/licenses.txt', 'report-licenses.txt'].map((file) =>
    readFileSync(join(root, 'packages/server/dist', file), 'utf8').trim(),
  );
  writeFileSync(join(folder, 'LICENSES.txt'), `${[licencesOf(result), ...pages].join(separator)}\n`);
}

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
