import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireProgram } from './require-program.ts';

describe.skipIf(process.platform === 'win32')('requireProgram (not on Windows: it looks for endings)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'foothold-program-'));
  writeFileSync(join(folder, 'run me'), '#!/bin/sh\n');
  chmodSync(join(folder, 'run me'), 0o755);
  writeFileSync(join(folder, 'text'), '');
  mkdirSync(join(folder, 'folder'));
  it('finds programs on the path and by their path', () => {
    requireProgram('node');
    requireProgram('run me', `/nowhere:${folder}`);
    requireProgram(join(folder, 'run me'), '');
    requireProgram('{python}', '');
  });
  it('refuses what is absent, no file, or may not be executed', () => {
    expect(() => requireProgram('nosuchprogram')).toThrow('--run is "nosuchprogram"');
    for (const word of ['text', 'folder', 'other'])
      expect(() => requireProgram(word, folder), word).toThrow('--shell');
    expect(() => requireProgram('./nosuchprogram')).toThrow('path of one');
  });
});
