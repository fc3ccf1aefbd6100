import type { Trial } from '@foothold/core';
import { gateChart } from './gate-chart.ts';
import type { ReportSection } from './report.ts';
import { sourceWeights } from './source-weights.ts';
import { seriesColors } from './theme.ts';
import { notNamed, type TransferStep, transferSteps, unusedSources } from './transfer-steps.ts';
import type { ReportTable } from './trial-table.ts';

/** Sources that the text names. */
const maxNamed = 12;

/**
 * "What the sources said": whose turn each trial was and how much it listened to earlier studies, the weights of sources
 * and hypotheses over the trials, and what was not used. Undefined where no trial's `why` says anything of the kind.
 */
export function transferSection(trials: readonly Trial[]): ReportSection | undefined {
  const steps = transferSteps(trials);
  const unused = unusedTable(trials, steps);
  if (steps.length === 0 && unused === undefined) return undefined;
  const names = [...new Set(steps.flatMap(({ sources }) => sources))];
  const more = steps.some(({ weights }) => notNamed in weights);
  // A single source has the weight of the gate.
  const weighed = names.length > 1 || more ? stepsWith(steps, 'weights') : [];
  const hypotheses = families(steps);
  const turns = (turn: TransferStep['turn']) => steps.filter((step) => step.turn === turn).length;
  const gate = steps.findLast((step) => step.gate !== undefined)?.gate;
  return {
    title: 'What the sources said',
    text: names.length > 0 ? [`Earlier studies: ${listed(names)}.`] : [],
    facts: [
      { name: 'earlier studies', value: more ? `more than ${names.length}` : names.length },
      ...(gate === undefined ? [] : [{ name: 'last gate', value: `${(100 * gate).toFixed(0)} %` }]),
      { name: 'by the sources alone', value: count(turns('sources alone')) },
      { name: 'by the model with them', value: count(turns('with sources')) },
      { name: 'by a model without them', value: count(turns('without sources')) },
    ],
    charts: [
      ...(steps.length === 0
        ? []
        : [
            {
              spec: gateChart({ steps }),
              caption:
                'How much each suggestion listened to the earlier studies. The line is the gate: the share of the model that does.',
            },
          ]),
      ...(weighed.length === 0
        ? []
        : [{ spec: sourceWeights({ steps: weighed }), caption: 'What each earlier study weighed.' }]),
      ...(hypotheses.length === 0
        ? []
        : [
            {
              spec: sourceWeights({ steps: hypotheses, value: 'weight of each hypothesis' }),
              caption:
                'Hypotheses about the new task, weighed by their evidence: how closely it follows the earlier ones, or not at all.',
            },
          ]),
    ],
    table: unused,
  };
}

/** Each step's weights, none where it has none; no steps where none has any. */
function stepsWith(steps: readonly TransferStep[], member: 'weights' | 'hypotheses') {
  const found = steps.map((step) => ({ trial: step.trial, weights: step[member] }));
  return found.some(({ weights }) => Object.values(weights).some((weight) => weight > 0)) ? found : [];
}

/** Of many hypotheses those that differ only behind the last comma of their names are one. */
function families(steps: readonly TransferStep[]) {
  const found = stepsWith(steps, 'hypotheses');
  if (new Set(found.flatMap(({ weights }) => Object.keys(weights))).size <= seriesColors.length) return found;
  return found.map(({ trial, weights }) => {
    const sums: Record<string, number> = {};
    for (const [name, weight] of Object.entries(weights)) {
      const comma = name.lastIndexOf(',');
      const family = comma < 0 ? name : name.slice(0, comma);
      sums[family] = (sums[family] ?? 0) + weight;
    }
    return { trial, weights: sums };
  });
}

/** A row for each thing that was not used of a source. */
function unusedTable(trials: readonly Trial[], steps: readonly TransferStep[]): ReportTable | undefined {
  const ignored = new Set(steps.flatMap((step) => step.ignored));
  const rows = [
    ...[...ignored].map((name) => [name, 'the whole study: its values look like noise']),
    ...[...unusedSources(trials)].flatMap(([name, notes]) => notes.map((note) => [name, note])),
  ];
  if (rows.length === 0) return undefined;
  return { caption: 'What was not used', columns: ['earlier study', 'what'], rows };
}

function listed(names: readonly string[]): string {
  const more = names.length - maxNamed;
  return more <= 0 ? names.join(', ') : `${names.slice(0, maxNamed).join(', ')} and ${more} more`;
}

function count(trials: number): string {
  return `${trials} ${trials === 1 ? 'trial' : 'trials'}`;
}
