/** Name of the attribute of a study that says in words why no trial is asked for any more; null while trials are. */
export const stopAttribute = 'stopped';

/** Its value where a person has stopped the study: a server gives out no trials then. */
export const stoppedByHand = 'stopped by hand';
