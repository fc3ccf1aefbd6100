export { type Answer, type AskTellSession, askTellSession } from './ask-tell/session.ts';
