export type { Answer } from './ask-tell/answer.ts';
export { type AskTellOptions, type AskTellSession, askTellSession } from './ask-tell/session.ts';
