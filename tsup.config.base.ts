import { defineConfig, type Options } from 'tsup';

/** One build for every package: ESM, types and source maps, for Node 20 and browsers. */
export const library = (options: Options = {}) =>
  defineConfig({
    entry: ['src/index.ts'],
    format: ['esm'],
    target: 'node20',
    platform: 'neutral',
    dts: true,
    sourcemap: true,
    clean: true,
    treeshake: true,
    // tsup would take `node:` off imports; `node:sqlite` exists under that name only.
    removeNodeProtocol: false,
    external: [/^node:/],
    ...options,
  });
