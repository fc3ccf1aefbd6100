export {
  type CheckpointOptions,
  type CheckpointStudy,
  checkpointStudy,
} from '@foothold/checkpoints';
export * from '@foothold/optimize';
// Charts have names of their own: `importance` and `paretoFront` are functions of a study and charts of them.
export * as charts from '@foothold/viz';
