import { seeded, UnsupportedError } from '@foothold/core';
import { normalPdf, standardNormal } from '@foothold/numerics';
import { describe, expect, it } from 'vitest';
import type { CheckpointOptions } from './options.ts';
import { checkpointStudy, resumeCheckpointStudy } from './study.ts';
import type { CheckpointStudy } from './study-types.ts';
import { syntheticScores } from './synthetic-scores.ts';

const table = syntheticScores({ rows: 20, columns: 6, seed: 3 });
const truth = table.scores;
const value = (row: number, column: number): number => truth.data[row * 6 + column]!;
const options: CheckpointOptions = {
  rows: table.rows.map((name, i) => ({ name, position: table.positions[i]! })),
  columns: table.columns,
  seed: 1,
};

/** Runs `steps` asks and tells, and names the cells. */
function run(study: CheckpointStudy, steps: number, score = value): string[] {
  const cells: string[] = [];
  for (let k = 0; k < steps; k++)
    for (const cell of study.ask()) {
      cells.push(`${cell.row},${cell.column}`);
      study.tell(cell, score(cell.row, cell.column));
    }
  return cells;
}

describe('checkpoint study', () => {
  it('asks for two cells in every column first, spread over the rows', () => {
    const first = checkpointStudy(options).ask({ count: 12 });
    for (let j = 0; j < 6; j++) expect(first.filter((c) => c.column === j)).toHaveLength(2);
    expect(new Set(first.map((c) => c.row)).size).toBeGreaterThanOrEqual(9);
    expect(Math.max(...first.map((c) => c.row)) - Math.min(...first.map((c) => c.row))).toBeGreaterThan(12);
  });

  it('never asks for a cell that is known or pending, and runs out when all are', () => {
    const study = checkpointStudy(options);
    const seen = new Set<string>();
    for (let round = 0; round < 40; round++) {
      const cells = study.ask({ count: 7 });
      for (const c of cells) {
        expect(seen.has(`${c.row},${c.column}`)).toBe(false);
        seen.add(`${c.row},${c.column}`);
        if (round % 2 === 0) study.tell(c, value(c.row, c.column));
      }
      if (cells.length === 0) break;
      if (round % 2 === 1) for (const c of study.pending()) study.tell(c, value(c.row, c.column));
    }
    expect(seen.size).toBe(120);
    expect(study.ask()).toEqual([]);
    expect(study.decision()).toMatchObject({ stop: true, reason: 'exhausted' });
    // With every cell known, the best row is the best row and nothing is uncertain.
    const means = Array.from(
      { length: 20 },
      (_, i) => [0, 1, 2, 3, 4, 5].reduce((s, j) => s + value(i, j), 0) / 6,
    );
    const best = study.best();
    expect(best.row).toBe(means.indexOf(Math.max(...means)));
    expect(best.mean).toBeCloseTo(Math.max(...means), 8);
    expect(best.standardDeviation).toBeLessThan(1e-5);
    expect(best.probability).toBeGreaterThan(0.99);
  });

  it('asks for the same cells again under the same seed, others under another', () => {
    const cells = run(checkpointStudy(options), 24);
    expect(run(checkpointStudy(options), 24)).toEqual(cells);
    expect(run(checkpointStudy({ ...options, seed: 2 }), 24)).not.toEqual(cells);
  });

  it('continues from its JSON as the stopped one would have', () => {
    const whole = checkpointStudy(options);
    const cells = run(whole, 40);
    const stopped = checkpointStudy(options);
    run(stopped, 23);
    const resumed = resumeCheckpointStudy(options, JSON.parse(JSON.stringify(stopped.state())));
    expect(run(resumed, 17)).toEqual(cells.slice(23));
    expect(resumed.best()).toEqual(whole.best());
    expect(resumed.state()).toEqual(whole.state());
  });

  it('remembers what was pending, and gives back what failed', () => {
    const study = checkpointStudy(options);
    run(study, 14);
    const [cell] = study.ask();
    const resumed = resumeCheckpointStudy(options, study.state());
    expect(resumed.pending()).toEqual([cell]);
    expect(resumed.ask()).not.toEqual([cell]);
    study.release(cell!);
    expect(study.pending()).toEqual([]);
  });

  it('scores a cell by the expected gain of the best mean, as brute force does', () => {
    const study = checkpointStudy({ ...options, acquisition: { kind: 'knowledge-gradient', lookahead: 1 } });
    run(study, 30);
    const scores = study.acquisition();
    const { mean, standardDeviation } = study.cells();
    const before = study.best().mean;
    const states = study.state();
    const [cell] = study.ask();
    const at = cell!.row * 6 + cell!.column;
    // ∫ max_i E[M_i | y] φ, with the mean after each y from a study that was told it.
    let after = 0;
    const steps = 24;
    for (let k = 0; k <= steps; k++) {
      const z = -6 + (12 * k) / steps;
      const told = resumeCheckpointStudy(options, states);
      told.tell(cell!, mean.data[at]! + z * standardDeviation.data[at]!);
      after +=
        (12 / steps) * (k === 0 || k === steps ? 0.5 : 1) * normalPdf(z) * Math.max(...told.posterior().mean);
    }
    // 25 points of a function with kinks: a hundredth of the cell's effect.
    expect(Math.abs(after - before - scores.data[at]!)).toBeLessThan(
      (0.02 * standardDeviation.data[at]!) / 6,
    );
    expect(scores.data[at]!).toBeGreaterThan(0);
  });

  it('asks for the same cells when columns are permuted', () => {
    const known = table.scores.data.map((v, at) => ((Math.floor(at / 6) + at) % 4 === 0 ? v : Number.NaN));
    const study = checkpointStudy({
      ...options,
      scores: { rows: 20, columns: 6, data: known },
      initialCells: 0,
    });
    const order = [3, 1, 5, 0, 4, 2];
    const permuted = checkpointStudy({
      ...options,
      columns: order.map((j) => table.columns[j]!),
      scores: Array.from({ length: 20 }, (_, i) => order.map((j) => known[i * 6 + j]!)),
      initialCells: 0,
    });
    const [a] = study.ask();
    const [b] = permuted.ask();
    expect([b!.rowName, b!.columnName]).toEqual([a!.rowName, a!.columnName]);
    expect(permuted.best().mean).toBeCloseTo(study.best().mean, 5);
  });

  it('does not mind the scale and direction of a column where columns are normalized', () => {
    const mixed = (scale: number) => {
      const study = checkpointStudy({
        ...options,
        columns: table.columns.map((name, j) => (j === 2 ? { name, direction: 'minimize' as const } : name)),
        normalize: true,
        scores: Array.from({ length: 20 }, (_, i) =>
          Array.from({ length: 6 }, (_, j) =>
            (i + 2 * j) % 3 !== 0 ? Number.NaN : j === 2 ? scale * (3 - value(i, j)) : value(i, j),
          ),
        ),
        initialCells: 0,
      });
      return { best: study.best().row, cell: study.ask()[0]!, mean: study.posterior().mean };
    };
    const small = mixed(1);
    const large = mixed(1000);
    expect(large.best).toBe(small.best);
    expect([large.cell.row, large.cell.column]).toEqual([small.cell.row, small.cell.column]);
    large.mean.forEach((v, i) => {
      expect(v).toBeCloseTo(small.mean[i]!, 3);
    });
  });

  it('prefers cheaper cells of equal worth', () => {
    const scores = {
      rows: 20,
      columns: 6,
      data: table.scores.data.map((v, at) => ((Math.floor(at / 6) + at) % 4 === 0 ? v : Number.NaN)),
    };
    const plain = checkpointStudy({ ...options, scores, initialCells: 0 });
    const [cell] = plain.ask();
    const expensive = checkpointStudy({
      ...options,
      scores,
      initialCells: 0,
      columns: table.columns.map((name, j) => ({ name, cost: j === cell!.column ? 1e6 : 1 })),
    });
    expect(expensive.ask()[0]!.column).not.toBe(cell!.column);
  });

  it('leaves columns of weight 0 out of the mean', () => {
    const study = checkpointStudy({
      ...options,
      columns: table.columns.map((name, j) => ({ name, weight: j === 0 ? 1 : 0 })),
      scores: truth,
    });
    const column = Array.from({ length: 20 }, (_, i) => value(i, 0));
    expect(study.best().row).toBe(column.indexOf(Math.max(...column)));
    expect(study.best().mean).toBeCloseTo(Math.max(...column), 8);
  });

  it.each(['mean', 'smooth', 'worst-task', 'every-task'] as const)(
    'finds the best row by %s once all is known',
    (target) => {
      const study = checkpointStudy({ ...options, target, scores: truth });
      const rows = Array.from({ length: 20 }, (_, i) => Array.from({ length: 6 }, (_, j) => value(i, j)));
      if (target === 'worst-task') {
        const lowest = rows.map((r) => Math.min(...r));
        expect(study.best().row).toBe(lowest.indexOf(Math.max(...lowest)));
        expect(study.best().mean).toBeCloseTo(Math.max(...lowest), 3);
      }
      if (target === 'every-task')
        study.bestByColumn().forEach(({ row, column }) => {
          const scores = rows.map((r) => r[column]!);
          expect(scores[row]).toBe(Math.max(...scores));
        });
      expect(study.decision().stop).toBe(true);
    },
  );

  it.each(['worst-task', 'every-task'] as const)(
    'comes close to the best by %s from a part of the cells',
    (target) => {
      let shortfall = 0;
      let random = 0;
      for (let seed = 0; seed < 3; seed++) {
        const study = checkpointStudy({ ...options, seed, target });
        run(study, 40);
        const rows = Array.from({ length: 20 }, (_, i) => Array.from({ length: 6 }, (_, j) => value(i, j)));
        if (target === 'worst-task') {
          const lowest = rows.map((r) => Math.min(...r));
          shortfall += Math.max(...lowest) - lowest[study.best().row]!;
          random += Math.max(...lowest) - lowest.reduce((a, b) => a + b, 0) / 20;
        } else
          study.bestByColumn().forEach(({ row, column }) => {
            const scores = rows.map((r) => r[column]!);
            shortfall += Math.max(...scores) - scores[row]!;
            random += Math.max(...scores) - scores.reduce((a, b) => a + b, 0) / 20;
          });
      }
      expect(shortfall).toBeLessThan(0.5 * random);
    },
  );

  it('takes expected improvement with its decay and damping as the acquisition', () => {
    const study = checkpointStudy({
      ...options,
      acquisition: { kind: 'expected-improvement', beta: 0.5, decay: 0.99, damping: 0.5 },
    });
    expect(new Set(run(study, 30)).size).toBe(30);
    expect(study.acquisition().data.filter((v) => v === Number.NEGATIVE_INFINITY)).toHaveLength(30);
  });

  it('knows noisy scores only roughly, and exact ones exactly', () => {
    const study = checkpointStudy({
      ...options,
      columns: table.columns.map((name, j) => (j === 0 ? { name, noise: 1e-4 } : name)),
    });
    run(study, 30);
    const known = study.known();
    const { mean, standardDeviation } = study.cells();
    for (let at = 0; at < 120; at++) {
      if (Number.isNaN(known.data[at]!)) continue;
      if (at % 6 === 0) {
        expect(standardDeviation.data[at]!).toBeGreaterThan(1e-4);
        expect(standardDeviation.data[at]!).toBeLessThan(0.0101);
      } else {
        expect(standardDeviation.data[at]!).toBe(0);
        expect(mean.data[at]!).toBeCloseTo(known.data[at]!, 12);
      }
    }
  });

  it('learns which unordered rows are alike', () => {
    const rng = seeded('unordered');
    const skill = Array.from({ length: 16 }, () => standardNormal(rng));
    const scores = skill.map((s) =>
      Array.from({ length: 8 }, (_, j) => 0.6 + 0.03 * j + 0.02 * s + 0.004 * standardNormal(rng)),
    );
    const study = checkpointStudy({
      rows: skill.map((_, i) => `model-${i}`),
      columns: Array.from({ length: 8 }, (_, j) => `t${j}`),
      seed: 0,
    });
    for (let k = 0; k < 44; k++) for (const c of study.ask()) study.tell(c, scores[c.row]![c.column]!);
    const means = scores.map((r) => r.reduce((a, b) => a + b, 0) / 8);
    expect(Math.max(...means) - means[study.best().row]!).toBeLessThan(0.01);
    expect(() => checkpointStudy({ rows: ['a', 'b'], columns: ['x'], seed: 0, target: 'smooth' })).toThrow(
      UnsupportedError,
    );
  });

  it('gives correlations of one with itself, symmetric and within bounds', () => {
    const study = checkpointStudy(options);
    run(study, 40);
    const { data } = study.correlations();
    for (let j = 0; j < 6; j++)
      for (let k = 0; k < 6; k++) {
        expect(data[j * 6 + k]).toBe(data[k * 6 + j]);
        expect(Math.abs(data[j * 6 + k]!)).toBeLessThanOrEqual(1 + 1e-12);
        if (j === k) expect(data[j * 6 + k]).toBe(1);
      }
  });
});
