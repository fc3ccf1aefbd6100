export { type Constraint, type LinearConstraint, linear, type Predicate } from './constraint.ts';
export { type FixedColumns, fixedColumns } from './fixed-columns.ts';
export { type NearestRow, rowMapper } from './mapping/map-params.ts';
export {
  type MappedStudy,
  type MappedTrials,
  mapStudyToSpace,
  mapTrialsToSpace,
  type PriorStudy,
} from './mapping/map-study.ts';
export {
  boolean,
  categorical,
  integer,
  logInteger,
  logUniform,
  ordinal,
  type Parameter,
  type ParameterValue,
  type StepOptions,
  uniform,
} from './parameter.ts';
export type { ParamsOf, Shape } from './params-of.ts';
export { type ParameterSpace, searchSpace } from './search-space.ts';
export { spaceOf } from './space-of.ts';
export { withTrainingFidelity } from './with-training-fidelity.ts';
