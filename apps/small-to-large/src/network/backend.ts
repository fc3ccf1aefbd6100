import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { BackendError } from './errors.ts';

/** The part of tfjs that every build shares; which arithmetic runs under it is the backend's matter. */
export type Tf = typeof import('@tensorflow/tfjs-core');

export const backendNames = ['wasm', 'cpu', 'node', 'node-gpu'] as const;
export type BackendName = (typeof backendNames)[number];

/** Why a package could not be loaded, in one line. */
const reason = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? 'unknown reason';

/**
 * tfjs with this backend active. Nothing of a backend is loaded before it is asked for.
 *
 * `wasm` and `cpu` come with the app; `node` and `node-gpu` are tfjs-node and tfjs-node-gpu, which a user installs.
 * Throws BackendError, which says how to install what is missing.
 */
export async function loadBackend(name: BackendName): Promise<Tf> {
  const tf = await import('@tensorflow/tfjs-core');
  if (name === 'node' || name === 'node-gpu') await importNative(name);
  else if (name === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  else {
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
    wasm.setWasmPaths(`${join(dirname(entry), 'dist')}/`);
    wasm.setThreadsCount(1);
  }
  const registered = name === 'node' || name === 'node-gpu' ? 'tensorflow' : name;
  if (!(await tf.setBackend(registered)))
    throw new BackendError(name, 'it is installed, but does not start on this machine; try --backend wasm');
  await tf.ready();
  return tf;
}

async function importNative(name: 'node' | 'node-gpu'): Promise<void> {
  const specifier = `@tensorflow/tfjs-${name}`;
  // tfjs-node 4.22 calls two functions of node:util that Node 23 took away.
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
  try {
    await import(specifier);
  } catch (error) {
    throw new BackendError(
      name,
      `${specifier} does not load (${reason(error)}). Install it beside this app with ` +
        `"pnpm add ${specifier}@4.22.0" (its install script fetches libtensorflow${name === 'node-gpu' ? ', and it needs CUDA' : ''}), or use --backend wasm`,
      { cause: error },
    );
  }
}
