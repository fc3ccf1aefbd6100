import type { Params } from '@foothold/core';
import type { LiveState, StudyState } from './study-state.ts';

/** What a live state has of the log alone: without its functions and what they look at. Its lists and maps are still those of the fold. */
export function storedPart<P extends Params>(live: LiveState<P>): StudyState<P> {
  const { running, loaded, endings, ...rest } = live;
  const { trial, reportAt, watch, leaseIndex, outputLines, ...state } = rest;
  return state;
}
