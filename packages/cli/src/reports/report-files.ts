import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReportLines } from './report-lines.ts';

/** Milliseconds between two looks at a file of reports. */
const lookEvery = 100;

/** The two files through which a program that ends by itself talks about one trial. */
export interface ReportFiles {
  /** The variables of the environment that name them. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes the file that asks the program to end. */
  askToEnd(): void;
  /** Reads what is left, and removes the files. */
  end(): Promise<void>;
}

/** Files in a folder of their own, whose lines go to `lines` as they come. */
export function reportFiles(lines: ReportLines): ReportFiles {
  const folder = mkdtempSync(join(tmpdir(), 'foothold-reports-'));
  const [reports, prune] = [join(folder, 'reports.jsonl'), join(folder, 'prune')];
  const decoder = new TextDecoder();
  let offset = 0;
  let reading: Promise<void> = Promise.resolve();
  const read = async (): Promise<void> => {
    if (!existsSync(reports)) return;
    const file = await open(reports, 'r');
    try {
      for (let bytes = await next(file, offset); bytes.length > 0; bytes = await next(file, offset)) {
        offset += bytes.length;
        lines.add(decoder.decode(bytes, { stream: true }));
      }
    } finally {
      await file.close();
    }
  };
  const look = (): Promise<void> => {
    reading = reading.then(read).catch(() => undefined); // gone for the moment: the next look reads it
    return reading;
  };
  const timer = setInterval(look, lookEvery);
  return {
    env: { FOOTHOLD_REPORT_FILE: reports, FOOTHOLD_PRUNE_FILE: prune },
    askToEnd: () => writeFileSync(prune, 'prune\n'),
    end: async () => {
      clearInterval(timer);
      await look();
      lines.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function next(file: FileHandle, from: number): Promise<Uint8Array> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(1 << 16), 0, 1 << 16, from);
  return buffer.subarray(0, bytesRead);
}
