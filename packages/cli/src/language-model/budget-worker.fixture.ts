/**
 * A process that spends the budget of a study: `budget-worker.fixture.ts STORAGE TOKENS PROMPT COMPLETION AT-ONCE`. It makes calls that
 * use their whole worst case until none is allowed any more, and prints how many tokens they had.
 */
import { BudgetExceededError } from '@foothold/llm';
import { studyRecord } from '@foothold/study';
import { studiesIn } from '../studies-in.ts';
import { studyBudget } from './study-budget.ts';

const [storage = '', ...numbers] = process.argv.slice(2);
const [maxTokens, promptTokens, completionTokens, atOnce] = numbers.map(Number) as [
  number,
  number,
  number,
  number,
];
const worst = { promptTokens, completionTokens };
const record = studyRecord(studiesIn(storage), 'shared');
const budget = studyBudget(record, { maxTokens, run: `process ${process.pid}` });
let used = 0;
const calls = async () => {
  for (;;) {
    try {
      const reservation = await budget.reserve(worst);
      used += promptTokens + completionTokens;
      await reservation.settle(worst);
    } catch (error) {
      if (error instanceof BudgetExceededError) return;
      throw error;
    }
  }
};
await Promise.all(Array.from({ length: atOnce }, calls));
process.stdout.write(`${used}\n`);
