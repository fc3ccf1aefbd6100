/**
 * Compiles assembly/ twice, with SIMD and with relaxed SIMD, into src/binaries.generated.ts:
 * `node build-assembly.ts` writes the file, `generated()` is its text.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('.', import.meta.url));
const target = fileURLToPath(new URL('src/binaries.generated.ts', import.meta.url));

async function compiled(features: readonly string[]): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      'assembly/index.ts',
      ...['--baseDir', root, '--outFile', 'out.wasm', '--runtime', 'stub', '-O3', '--noAssert'],
      ...['--disableWarning', '112', '--initialMemory', '1'],
      ...features.flatMap((feature) => ['--enable', feature]),
    ],
    {
      writeFile: (name, contents) => {
        if (name === 'out.wasm') binary = contents as Uint8Array;
      },
    },
  );
  if (error || !binary)
    throw new Error(`the AssemblyScript compiler failed: ${stderr.toString()}`, { cause: error });
  return binary;
}

export async function generated(): Promise<string> {
  const names = { simd: ['simd'], relaxedSimd: ['simd', 'relaxed-simd'] };
  const lines = ['// Written by build-assembly.ts from assembly/. Do not edit.'];
  for (const [name, features] of Object.entries(names))
    lines.push(`export const ${name} = '${Buffer.from(await compiled(features)).toString('base64')}';`);
  return `${lines.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, await generated());
