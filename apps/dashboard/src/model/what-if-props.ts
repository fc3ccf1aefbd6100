import type { SearchSpace } from '@foothold/core';
import type { LiveStudy } from '../study/live-study.ts';
import type { ShownObjective } from '../study/objectives.ts';
import type { ChosenPoint } from './chosen-point.ts';
import type { ModelClient } from './model-client.ts';
import type { ShownModel } from './model-follower.ts';

/** What the parts of “What if” take. */
export interface WhatIfProps {
  readonly study: LiveStudy;
  readonly space: SearchSpace;
  readonly objective: ShownObjective;
  readonly model: Extract<ShownModel, { readonly state: 'ready' }>;
  readonly client: ModelClient;
  readonly point: ChosenPoint;
  readonly range: readonly [low: number, high: number];
  onPoint(point: ChosenPoint): void;
}
