/** Pruners, for the option `pruner`. */
export {
  asha,
  dominancePruner,
  hyperbandPruner,
  indexedPruner,
  medianPruner,
  patientPruner,
  percentilePruner,
  thresholdPruner,
  wilcoxonPruner,
} from '@foothold/study';
