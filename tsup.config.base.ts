import { defineConfig, type Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** What is built: one file for each module, so that a program's bundler leaves out, or loads later, what it does not need at once. */
const modules = ['src/**/*.ts', '!src/**/*.test.ts', '!src/**/*.fixture.ts', '!src/**/fixtures/**'];

/** Leaves imports of other modules of the package in place, by the names of what is built from them. */
const separateModules: Plugin = {
  name: 'separate-modules',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ kind, path }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
    );
  },
};

/** One build for every package: ESM, types of its entries, and source maps, for Node 20 and browsers. */
export const library = ({ entry = ['src/index.ts'], ...options }: Options = {}) =>
  defineConfig({
    entry: modules,
    format: ['esm'],
    target: 'node20',
    platform: 'neutral',
    dts: { entry: entry as string[] },
    sourcemap: true,
    clean: true,
    // tsup would take `node:` off imports; `node:sqlite` exists under that name only.
    removeNodeProtocol: false,
    external: [/^node:/],
    esbuildPlugins: [separateModules],
    ...options,
  });
