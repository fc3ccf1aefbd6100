/** Stop rules, for the option `stop`. */
export {
  anyOf,
  costLimit,
  noImprovement,
  regretBound,
  stopCheck,
  targetValue,
  timeLimit,
  trialLimit,
} from '@foothold/study';
