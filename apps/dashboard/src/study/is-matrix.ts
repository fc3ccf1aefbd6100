import type { LiveStudy } from './live-study.ts';

/** Whether the trials are cells of a score matrix (`foothold checkpoints`), which its facts hold. */
export function isMatrix({ state }: Pick<LiveStudy, 'state'>): boolean {
  return state.facts?.['matrix'] !== undefined;
}
