import type { Direction, SpaceDescription } from '@foothold/core';
import type { EvaluationRequest } from '../objective/objective-messages.ts';
import type { Evaluated } from '../objective/objective-runner.ts';

/** What a person sets beside her program. */
export interface TuningSettings {
  readonly direction: Direction;
  /** Evaluations in all; of the large problem where there is a small one. */
  readonly trials: number;
  /** Evaluations of the small problem. */
  readonly smallTrials: number;
  readonly seed: number;
  /** Seconds that one evaluation may take; 0 is without end. */
  readonly seconds: number;
  /** Whether trials whose reports are below the median are ended. */
  readonly prunes: boolean;
}

export interface TuningRequest {
  /** Of the study; the stages' are `NAME-small` and `NAME-large` where the program has a small problem. */
  readonly name: string;
  readonly space: SpaceDescription;
  readonly hasSmall: boolean;
  readonly settings: TuningSettings;
  /** The text of the program, which the study keeps. */
  readonly program: string;
}

/** What the study's worker asks of the page. */
export interface TuningHost {
  evaluate(
    request: EvaluationRequest,
    report: (step: number, value: number) => Promise<'continue' | 'prune'>,
  ): Promise<Evaluated>;
}

/** Why a run ended. */
export interface TuningResult {
  readonly stopped: 'done' | 'paused' | 'failed';
  /** A clause in words. */
  readonly reason: string;
}

/** The worker in which studies and their samplers are. */
export interface TuningService {
  run(request: TuningRequest, evaluate: TuningHost['evaluate']): Promise<TuningResult>;
  /** No trial is begun; the one that runs is given back once its evaluation rejects. */
  pause(): void;
}

/** The browser's database of the studies. */
export const databaseName = 'foothold-playground';
