/** What the default sampler loads with the first suggestion for several objectives. */
import { logExpectedHypervolumeImprovement } from '@foothold/acquisitions';
import { multiObjectiveModel } from '@foothold/samplers';

export const hypervolumeModel = () => multiObjectiveModel(logExpectedHypervolumeImprovement());
