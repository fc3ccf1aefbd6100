export { type Answer, type AskTellOptions, type AskTellSession, askTellSession } from '@foothold/protocol';
