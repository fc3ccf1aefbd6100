/** What the default sampler loads with the first suggestion for several objectives. */
export { logExpectedHypervolumeImprovement } from '@foothold/acquisitions';
