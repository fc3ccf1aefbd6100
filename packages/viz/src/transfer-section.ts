import type { Trial } from '@foothold/core';
import type { ReportSection } from './report.ts';
import { sourceWeights } from './source-weights.ts';
import { seriesColors } from './theme.ts';
import { notNamed, type TransferStep, transferSteps, unusedSources } from './transfer-steps.ts';
import { transferWeight } from './transfer-weight.ts';
import type { ReportTable } from './trial-table.ts';

/** Sources that the text names. */
const maxNamed = 12;

/**
 * The section "What earlier studies contributed": what each suggestion is based on and the weight of earlier studies in it,
 * the weights of sources and hypotheses over the trials, and what was not used. Undefined where no trial's `why` names
 * earlier studies.
 */
export function transferSection(trials: readonly Trial[]): ReportSection | undefined {
  const steps = transferSteps(trials);
  const unused = unusedTable(trials, steps);
  if (steps.length === 0 && unused === undefined) return undefined;
  const names = [...new Set(steps.flatMap(({ sources }) => sources))];
  const more = steps.some(({ weights }) => notNamed in weights);
  const trialsOf = (basis: TransferStep['basis']) =>
    count(steps.filter((step) => step.basis === basis).length);
  const weight = steps.findLast((step) => step.weight !== undefined)?.weight;
  return {
    title: 'What earlier studies contributed',
    text: names.length > 0 ? [`Earlier studies: ${listed(names)}.`] : [],
    facts: [
      { name: 'earlier studies', value: more ? `more than ${names.length}` : names.length },
      ...(weight === undefined ? [] : [{ name: 'last weight', value: `${(100 * weight).toFixed(0)} %` }]),
      { name: 'from earlier studies only', value: trialsOf('earlier studies only') },
      { name: 'from a model with them', value: trialsOf('with earlier studies') },
      { name: 'from a model without them', value: trialsOf('without earlier studies') },
    ],
    // A single source has the weight of all.
    charts: chartsOf(steps, names.length > 1 || more),
    table: unused,
  };
}

function chartsOf(steps: readonly TransferStep[], hasSeveral: boolean): NonNullable<ReportSection['charts']> {
  const weights = hasSeveral ? stepsWith(steps, 'weights') : [];
  const hypotheses = families(steps);
  const charts = [];
  if (steps.length > 0)
    charts.push({
      spec: transferWeight({ steps }),
      caption:
        'Weight of the earlier studies in each suggestion. The line is their weight in the model; at 0 % are suggestions of a model without them.',
    });
  if (weights.length > 0)
    charts.push({ spec: sourceWeights({ steps: weights }), caption: 'Weight of each earlier study.' });
  if (hypotheses.length > 0)
    charts.push({
      spec: sourceWeights({ steps: hypotheses, value: 'weight of each hypothesis' }),
      caption:
        'Hypotheses about how the new task relates to the earlier ones, weighted by their evidence: closely related, or not at all.',
    });
  return charts;
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
