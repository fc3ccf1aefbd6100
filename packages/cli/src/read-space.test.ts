import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSpace } from './read-space.ts';
import { UsageError } from './usage-error.ts';

const text = '{"größe":{"type":"int","low":1,"high":8}}';
const description = { größe: { type: 'int', low: 1, high: 8 } };
const folder = mkdtempSync(join(tmpdir(), 'read-space-'));

describe('readSpace', () => {
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 little endian with a byte order mark', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 big endian with a byte order mark', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('reads a file in %s', (name, bytes) => {
    const path = join(folder, `${name.replaceAll(' ', '-')}.json`);
    writeFileSync(path, bytes);
    expect(readSpace(path).description).toEqual(description);
  });

  it('reads JSON text that has a byte order mark in front', () => {
    expect(readSpace(`\uFEFF ${text}`).description).toEqual(description);
  });

  it('says which file is missing', () => {
    expect(() => readSpace(join(folder, 'none.json'))).toThrow(UsageError);
  });
});
