import type { Storage } from '@foothold/core';
import { eventsOf, writeLog } from '@foothold/study';
import { eventsOfLogText } from './log-text.ts';

/**
 * Makes a study of a file: the log of one (JSON lines, as this page and `fileStorage` write them), or the JSON form of `foothold studies export`. All of it or
 * nothing; the name is that of the file. Rejects where the file is neither, or the name is taken.
 */
export async function importStudy(storage: Storage, file: File): Promise<string> {
  const text = await file.text();
  const name = nameOf(file.name);
  await writeLog(storage, name, eventsOfLogText(text) ?? (await eventsOfJson(text, file.name)));
  return name;
}

async function eventsOfJson(text: string, place: string) {
  const { isStudyJson, studyOfJson } = await import('@foothold/sources/text-forms');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  if (!isStudyJson(json))
    throw new Error(`${place} is no study: neither a log (JSON lines) nor the JSON of an exported study.`);
  return eventsOf(studyOfJson(json, place).study);
}

/** The nearest name that a study can have. */
function nameOf(file: string): string {
  const name = file
    .replace(/\.\w+$/, '')
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '');
  return name === '' ? 'study' : name.slice(0, 200);
}
