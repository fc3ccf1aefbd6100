import type { Trial } from '@foothold/core';
import { bestTrial } from '@foothold/study';
import { shortNumber } from '@foothold/viz';
import { addressOf } from '../route.ts';
import { type ShownFidelities, shownFidelities } from '../study/fidelities.ts';
import type { LiveStudy } from '../study/live-study.ts';
import { Card } from './card.tsx';
import { Swatch } from './swatch.tsx';

/** What was evaluated and spent at each fidelity, and the best value there; nothing for a study of one fidelity. */
export function FidelitiesCard({ study }: { readonly study: LiveStudy }) {
  const { state } = study;
  const fidelities = shownFidelities(state);
  if (!fidelities) return null;
  const { levels, budget } = fidelities;
  const sums = sumsOf(state.trials, fidelities);
  const spent = sums.reduce((sum, own) => sum + own.spent, 0);
  const ofBudget = budget === undefined ? '' : ` of a budget of ${shortNumber(budget)}`;
  return (
    <Card
      title="Fidelities"
      note={`${shortNumber(spent)} spent${ofBudget}. The best trial is that of the last fidelity, the target.`}
    >
      <section class="table-scroll" aria-label="Fidelities in numbers" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Fidelity</th>
              {['Trials', 'Spent', 'Best value', 'In trial'].map((title) => (
                <th key={title} scope="col" class="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {levels.map(({ title }, level) => {
              const own = sums[level]!;
              const best = bestTrial(own.trials, { ...state.goal!, fidelity: undefined });
              return (
                <tr key={title} class={level === levels.length - 1 ? 'best' : ''}>
                  <th scope="row">
                    <Swatch color={level} />
                    {title}
                  </th>
                  <td class="number">{own.trials.length.toLocaleString('en')}</td>
                  <td class="number">{shortNumber(own.spent)}</td>
                  <td class="number">{best ? shortNumber(best.value) : '–'}</td>
                  <td class="number">
                    {best ? <a href={addressOf.trial(study.name, best.number)}>{best.number}</a> : '–'}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </Card>
  );
}

/** The trials of each fidelity, and what they cost together. */
function sumsOf(trials: readonly Trial[], { levels, levelOf, costsOf }: ShownFidelities) {
  const costs = costsOf(trials);
  const sums = levels.map(() => ({ trials: [] as Trial[], spent: 0 }));
  for (const [i, trial] of trials.entries()) {
    const own = sums[levelOf(trial)];
    if (!own) continue;
    own.trials.push(trial);
    own.spent += costs[i]!;
  }
  return sums;
}
