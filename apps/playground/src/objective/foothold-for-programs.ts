/** What of `foothold` an objective and its space need; the page does the rest. */
export {
  boolean,
  categorical,
  integer,
  linear,
  logInteger,
  logUniform,
  ordinal,
  searchSpace,
  spaceOf,
  uniform,
} from '@foothold/space';
