import { readFileSync } from 'node:fs';
import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { accuracy } from './accuracy.ts';
import { aucRoc } from './auc-roc.ts';
import { macroF1 } from './macro-f1.ts';
import { meanSquaredError } from './mean-squared-error.ts';
import type { Predictions } from './predictions.ts';
import { scoresOf } from './scores.ts';
import { softmax } from './softmax.ts';

interface Recorded {
  readonly name: string;
  readonly classes: number;
  readonly labels: number[];
  readonly probabilities: number[];
  readonly accuracy: number;
  readonly f1: number;
  readonly auc: number;
  readonly mse: number;
}
const file = new URL('sklearn-values.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Recorded[] };

function predictionsOf({ probabilities, labels, classes }: Recorded): Predictions {
  return { probabilities: Float64Array.from(probabilities), labels: Uint8Array.from(labels), classes };
}

/** Random predictions of 30 rows and 4 classes. */
function drawn(seed: number): Predictions {
  const rng = seeded(seed);
  const logits = Float64Array.from({ length: 120 }, () => 4 * rng.next());
  const labels = Uint8Array.from({ length: 30 }, () => Math.floor(4 * rng.next()));
  return { probabilities: softmax(logits, 4), labels, classes: 4 };
}

describe.each(cases)('predictions that are $name', (recorded) => {
  const predictions = predictionsOf(recorded);
  it.each([
    ['accuracy', accuracy, recorded.accuracy],
    ['macro F1', macroF1, recorded.f1],
    ['AUC-ROC', aucRoc, recorded.auc],
    ['mean squared error', meanSquaredError, recorded.mse],
  ] as const)("have scikit-learn's %s", (_, figure, expected) => {
    expect(figure(predictions)).toBeCloseTo(expected, 13);
  });
});

describe('the figures', () => {
  it('are 1, 1, 1 and 0 for certainty that is right', () => {
    const labels = Uint8Array.of(0, 1, 2, 1);
    const probabilities = Float64Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0]);
    expect(scoresOf({ probabilities, labels, classes: 3 })).toEqual({ accuracy: 1, f1: 1, auc: 1, mse: 0 });
  });
  it('of equal probabilities are those of guessing', () => {
    const { auc, mse } = scoresOf({
      probabilities: new Float64Array(16).fill(0.25),
      labels: Uint8Array.of(0, 1, 2, 3),
      classes: 4,
    });
    expect([auc, mse]).toEqual([0.5, (0.75 ** 2 + 3 * 0.25 ** 2) / 4]);
  });
  it('AUC-ROC counts pairs: each member of a class against each other row', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { probabilities, labels, classes } = drawn(seed);
      const areas: number[] = [];
      for (let c = 0; c < classes; c++) {
        let won = 0;
        let pairs = 0;
        for (const [i, a] of labels.entries())
          for (const [j, b] of labels.entries())
            if (a === c && b !== c) {
              const gap = probabilities[i * classes + c]! - probabilities[j * classes + c]!;
              won += gap > 0 ? 1 : gap === 0 ? 0.5 : 0;
              pairs++;
            }
        if (pairs > 0) areas.push(won / pairs);
      }
      const expected = areas.reduce((a, b) => a + b) / areas.length;
      expect(aucRoc({ probabilities, labels, classes })).toBeCloseTo(expected, 13);
    }
  });
  it('AUC-ROC does not change when a monotone map changes the probabilities', () => {
    const { probabilities, labels, classes } = drawn(7);
    const mapped = probabilities.map((p) => p ** 3);
    expect(aucRoc({ probabilities: mapped, labels, classes })).toBe(
      aucRoc({ probabilities, labels, classes }),
    );
  });
  it('AUC-ROC of a single class throws, since there is no other class', () => {
    const one = { probabilities: Float64Array.of(1, 0, 1, 0), labels: Uint8Array.of(0, 0), classes: 2 };
    expect(() => aucRoc(one)).toThrow('labels is [0], allowed is at least two classes');
  });
  it('softmax gives rows that sum to 1 for logits of ±1e30, and ⅔ : ⅓ for ln 2 : 0', () => {
    const extreme = softmax(Float64Array.of(1e30, -1e30, 0, 700, 701, -1e4), 3);
    expect(extreme[0]! + extreme[1]! + extreme[2]!).toBe(1);
    expect(extreme[3]! + extreme[4]! + extreme[5]!).toBeCloseTo(1, 15);
    const [a, b] = softmax(Float64Array.of(Math.LN2, 0), 2);
    expect([a, b]).toEqual([expect.closeTo(2 / 3, 15), expect.closeTo(1 / 3, 15)]);
  });
});
