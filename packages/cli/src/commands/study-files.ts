import { basename } from 'node:path';
import type { Params } from '@foothold/core';
import {
  exportStudy,
  exportTarget,
  exportTrials,
  type ImportedStudy,
  type ImportOptions,
  importStudy,
  type OptunaVersion,
} from '@foothold/sources';
import { studyDataOf } from '@foothold/study';
import { paramsOf } from '../json-text.ts';
import { cutTo } from '../live/cut-to.ts';
import { liveRegion } from '../live/live-region.ts';
import type { TerminalSize } from '../live/terminal.ts';
import { readSpace } from '../read-space.ts';
import { printable } from '../safe-text.ts';
import { studiesIn } from '../studies-in.ts';
import { bar } from '../trial-text.ts';
import { exitCodeOf, stoppable } from './stoppable.ts';
import { refuseAbsent, storedState } from './stored-events.ts';
import { uninterrupted } from './uninterrupted.ts';

/** `foothold studies export NAME`: CSV or JSON on standard output, or in a file. */
export async function studiesExport(
  name: string,
  {
    storage,
    format,
    out,
  }: { readonly storage: string; readonly format?: 'csv' | 'json'; readonly out?: string },
): Promise<void> {
  const study = studyDataOf(await storedState(name, storage))!;
  if (out === undefined) {
    process.stdout.write(exportTrials(name, study, format ?? 'csv'));
    return;
  }
  const target = format ? { format, file: out } : exportTarget(out);
  await exported(name, { storage, target });
}

/** `foothold export STUDY --to FILE`. */
export async function exportCommand(
  name: string,
  {
    storage,
    to,
    optuna,
    force,
  }: {
    readonly storage: string;
    readonly to: string;
    readonly optuna: string;
    readonly force?: boolean;
  },
): Promise<void> {
  const target = exportTarget(to);
  await refuseAbsent(name, storage);
  await exported(name, { storage, target, optunaVersion: Number(optuna) as OptunaVersion, force });
}

async function exported(
  name: string,
  {
    storage,
    target,
    ...options
  }: {
    readonly storage: string;
    readonly target: ReturnType<typeof exportTarget>;
    readonly optunaVersion?: OptunaVersion;
    readonly force?: boolean | undefined;
  },
): Promise<void> {
  const { file, trials, notes } = await uninterrupted(() =>
    exportStudy({ storage: studiesIn(storage), name }, target, options),
  );
  for (const note of notes) process.stderr.write(`${printable(note)}\n`);
  process.stdout.write(`${trials} trials of ${name} are in ${printable(file)}\n`);
}

/** `foothold import FILE`. */
export async function importCommand(
  file: string,
  options: {
    readonly storage: string;
    readonly study?: string;
    readonly name?: string;
    readonly space?: string;
    readonly direction?: 'minimize' | 'maximize';
    readonly fill?: readonly string[];
    readonly json?: boolean;
  },
): Promise<void> {
  const { storage, study, name, space, direction, fill = [] } = options;
  const imported = await watchedImport(file, {
    storage: studiesIn(storage),
    study,
    name,
    direction,
    fill: Object.assign({}, ...fill.map((text) => paramsOf('--fill', text, '{"dropout":0}'))) as Params,
    ...(space !== undefined && { space: (await readSpace(space)).description }),
  });
  if (!imported) return;
  if (options.json) {
    process.stdout.write(`${JSON.stringify(imported)}\n`);
    return;
  }
  for (const note of imported.notes) process.stderr.write(`${printable(note)}\n`);
  const waiting = imported.queue > 0 ? `, ${imported.queue} enqueued` : '';
  process.stdout.write(`study ${imported.name} in ${storage}: ${imported.trials} trials${waiting}\n`);
}

/**
 * The import, with a row on the terminal that says how far a long one is. After Ctrl-C and the like nothing is imported, and the
 * result is undefined.
 */
function watchedImport(file: string, options: ImportOptions): Promise<ImportedStudy | undefined> {
  let doing = 'reading';
  let done = 0;
  let isShown = false;
  const text = ({ columns }: TerminalSize) =>
    cutTo(printable(`${doing} ${basename(file)} ${bar(done, 10)} ${Math.floor(done * 100)} %`), columns - 1);
  const row = liveRegion(process.stderr, { rows: (size) => [text(size)], last: text });
  const onProgress: ImportOptions['onProgress'] = (what, part) => {
    doing = what === 'read' ? 'reading' : 'writing';
    done = part;
    if (isShown || part === 0 || part === 1) return; // a short one is done in one piece
    isShown = true;
    row.show();
  };
  return stoppable(async ({ signal, reason }) => {
    try {
      const imported = await importStudy(file, { ...options, onProgress, signal });
      done = 1;
      return imported;
    } catch (error) {
      const why = reason();
      if (!why || error !== signal.reason) throw error;
      row.end();
      process.stderr.write('stopped: nothing was imported\n');
      process.exitCode = exitCodeOf(why);
      return undefined;
    } finally {
      row.end();
    }
  });
}
