import type { Outcome } from '@foothold/core';
import { canonical } from '../log/canonical.ts';

/**
 * Words for what a trial has and for another outcome that it was told: the states where they differ, else the first
 * figure that does (`complete with metrics.loss 2`, `complete without metrics.loss`).
 */
export function differenceOf(own: Outcome, told: Outcome): { readonly from: string; readonly to: string } {
  if (own.state !== told.state) return { from: stateOf(own), to: stateOf(told) };
  const [a, b] = [figuresOf(own), figuresOf(told)];
  const key = [...a.keys(), ...b.keys()].find((name) => canonical(a.get(name)) !== canonical(b.get(name)));
  if (key === undefined) return { from: stateOf(own), to: stateOf(told) };
  const words = (figures: ReadonlyMap<string, unknown>) =>
    figures.has(key) ? `with ${key} ${canonical(figures.get(key))}` : `without ${key}`;
  return { from: `${own.state} ${words(a)}`, to: `${told.state} ${words(b)}` };
}

function stateOf(outcome: Outcome): string {
  return outcome.state === 'complete' ? `complete with value ${outcome.value}` : outcome.state;
}

function figuresOf(outcome: Outcome): Map<string, unknown> {
  if (outcome.state === 'pruned') return new Map();
  if (outcome.state === 'failed') return new Map([['reason', outcome.reason]]);
  const { value, standardError, metrics = {} } = outcome;
  const figures = new Map<string, unknown>([['value', value]]);
  if (standardError !== undefined) figures.set('standardError', standardError);
  for (const [name, figure] of Object.entries(metrics)) figures.set(`metrics.${name}`, figure);
  return figures;
}
