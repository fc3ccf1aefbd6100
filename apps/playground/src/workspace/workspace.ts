import { studyRecord } from '@foothold/study';
import { signal } from '@preact/signals';
import { type Example, exampleOf, examples } from '../examples/examples.ts';
import { storage } from '../sources/browser-studies.ts';
import type { TuningSettings } from '../tuning/tuning-messages.ts';
import { programOf } from './study-program.ts';

/** What stands at the left of the page. */
export interface Workspace {
  /** Name of its study. */
  readonly name: string;
  readonly code: string;
  readonly settings: TuningSettings;
}

export const defaultSettings: TuningSettings = {
  ...{ direction: 'minimize', trials: 30, smallTrials: 20, seed: 0, seconds: 30, prunes: false },
};

const [first] = examples as readonly [Example, ...Example[]];
export const workspace = signal<Workspace>(workspaceOf(first));

/** Grows when another text takes the place of the one in the editor, whose own changes do not come back to it. */
export const replaced = signal(0);

function show(other: Workspace): void {
  workspace.value = other;
  replaced.value++;
}

function workspaceOf({ id, code, settings }: Example): Workspace {
  return { name: id, code, settings: { ...defaultSettings, ...settings } };
}

/** Changes a part of it, and keeps the whole for the next visit. */
export function change(part: Partial<Workspace>): void {
  workspace.value = { ...workspace.value, ...part };
  keep(workspace.value);
}

/** The example as it is given, whatever was written in its place. */
export function restore(example: Example): void {
  show(workspaceOf(example));
  keep(workspace.value);
}

/** Shows an example: as the person left it, where she did. */
export function openExample(example: Example): void {
  show(kept(example.id) ?? workspaceOf(example));
}

/** Shows the program of a study: as the person left it, else as the study has it. One that came without a program gets a beginning of one. */
export async function openStudy(study: string): Promise<void> {
  const { facts, goal, created, space, trials } = await studyRecord(storage, study).state();
  if (!created) return;
  const found = programOf(facts);
  // One that was renamed has the name that it had then.
  const isOwn = found !== undefined && stagesOf(found.name).includes(study);
  const name = isOwn ? found.name : study;
  if (name === workspace.value.name) return;
  show(
    kept(name) ?? {
      name,
      code: found?.program ?? beginningFor(space),
      settings: {
        ...defaultSettings,
        ...{ trials: trials.length, seed: created.seed, direction: (goal ?? created.goal).direction },
        ...found?.settings,
      },
    },
  );
}

/** The studies that a program of this name may have: its own, or those of its two stages. */
export function stagesOf(name: string): readonly string[] {
  return [name, `${name}-small`, `${name}-large`];
}

/** The example that the program began as. */
export function currentExample(): Example | undefined {
  return exampleOf(workspace.value.name);
}

function beginningFor(space: unknown): string {
  return `// This study came without its program.
import { spaceOf } from 'foothold';

export const space = spaceOf(${JSON.stringify(space ?? {}, undefined, 2)});

export function objective(params: Record<string, number | string | boolean>) {
  console.log(params);
  return 0;
}
`;
}

const prefix = 'foothold-playground:';

function keep({ name, ...rest }: Workspace): void {
  try {
    localStorage.setItem(prefix + name, JSON.stringify(rest));
  } catch {
    // A page that may not keep anything still runs; the study has the program.
  }
}

function kept(name: string): Workspace | undefined {
  try {
    const text = localStorage.getItem(prefix + name);
    if (text === null) return undefined;
    const { code, settings } = JSON.parse(text) as Omit<Workspace, 'name'>;
    return { name, code, settings: { ...defaultSettings, ...settings } };
  } catch {
    return undefined;
  }
}
