import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { builtCommand } from './built-command.ts';

it('is the program that the package foothold installs', () => {
  const manifest = new URL('../../packages/foothold/package.json', import.meta.url);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  expect(builtCommand).toBe(fileURLToPath(new URL(bin.foothold, manifest)));
});
