import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStorage } from '@foothold/testing';
import { afterAll, beforeAll } from 'vitest';
import { sqliteStorage } from './sqlite-storage.ts';

let root = '';
let files = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'foothold-sqlite-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));
describeStorage('sqliteStorage', () => sqliteStorage(join(root, `${files++}.db`)));
