import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { minimize, searchSpace, uniform } from '@foothold/optimize';
import { fileStorage, memoryStorage, readLogFile, writeLog } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { eventsOfLogText, logText } from './log-text.ts';

const space = searchSpace({ x: uniform(0, 1) });

describe('logText', () => {
  it('is a log that the files of studies are read by, and that is read back', async () => {
    const storage = memoryStorage();
    await minimize(({ x }) => (x - 0.3) ** 2, space, { trials: 6, storage, name: 'a' });
    const events = await storage.read('a', 0);
    const folder = mkdtempSync(join(tmpdir(), 'foothold-log-'));
    try {
      writeFileSync(join(folder, 'a.jsonl'), logText(events));
      expect(await readLogFile(join(folder, 'a.jsonl'))).toEqual({ events, unfinished: 0 });
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(eventsOfLogText(logText(events))).toEqual(events);
  });

  it('reads a file that fileStorage wrote', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'foothold-log-'));
    try {
      const storage = fileStorage(folder);
      await minimize(({ x }) => (x - 0.3) ** 2, space, { trials: 6, storage, name: 'a' });
      const [file] = (await import('node:fs')).readdirSync(folder).filter((name) => name.startsWith('a'));
      const events = eventsOfLogText(readFileSync(join(folder, file!), 'utf8'))!;
      expect(events).toEqual(await storage.read('a', 0));
      await writeLog(memoryStorage(), 'b', events);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes nothing of a text that is no log', () => {
    expect(eventsOfLogText('')).toBeUndefined();
    expect(eventsOfLogText('{"at":0,"events":[{}]}\nhello')).toBeUndefined();
    expect(eventsOfLogText('[1, 2]')).toBeUndefined();
  });
});
