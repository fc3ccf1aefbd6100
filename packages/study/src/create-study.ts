import type { Params } from '@foothold/core';
import type { LocalStudy } from './local-study.ts';
import { studyObject } from './study-object.ts';
import type { StudyOptions } from './study-options.ts';

/**
 * The study of this name in the storage, which is made where there is none. Reading begins at once; what it finds wrong (another space
 * or goal under this name: InvalidArgumentError that names what differs; StorageError) is thrown by the first call.
 *
 * Throws UnsupportedError at once when the sampler does not state an ability that the space or the goal needs, or when
 * its `check` refuses them, InvalidArgumentError for a name with other characters than letters (a to z), digits, `_`, `.`
 * and `-`, that begins with `.` or `-`, or that is longer than 200 characters; for a goal without a direction or objective, or
 * with bounds that are not finite; for a seed that is not finite; for a space, sampler, pruner or storage that is none; and for a
 * lease without a clock.
 *
 * A running trial is given out again, with the same number and parameters, when its lease has run out, when its
 * process of this machine has ended, or when it was running under this owner's name before this object was made.
 */
export function createStudy<P extends Params>(options: StudyOptions<P>): LocalStudy<P> {
  return studyObject(options).worker(options.lease);
}
