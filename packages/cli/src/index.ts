export { type Answer, type AskTellOptions, type AskTellSession, askTellSession } from '@foothold/protocol';
export {
  type CommandOptions,
  commandObjective,
  type EvaluationWatcher,
} from './commands/command-objective.ts';
