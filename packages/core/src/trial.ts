/** Values by parameter. `null` is a choice like another (no activation, no weight decay), not a missing value. */
export type Params = Readonly<Record<string, number | string | boolean | null>>;

export type Direction = 'minimize' | 'maximize';

/** Any value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** What a sampler or model believed and did (acquisition value, mean, variance, sources, fallbacks), for the person who asks. */
export type Why = { readonly [key: string]: Json };

/**
 * What a sampler or a surrogate needs to go on from where it was: hyperparameters, the step of a schedule. JSON. Only its author
 * reads it; `Why` is for people and may be dropped without a change of any suggestion.
 */
export type ProgramState = { readonly [key: string]: Json };

/** What a user keeps with a trial or a study: JSON by name. No suggestion depends on it. */
export type Attributes = { readonly [key: string]: Json };

/** What a user writes about a trial or a study. Attributes replace those of the same name, a note the one before. */
export interface Notes {
  readonly attributes?: Attributes | undefined;
  readonly note?: string | undefined;
}

/** What is written about a trial: notes, and what its program printed. */
export interface TrialNotes extends Notes {
  /**
   * The last lines that the trial's program printed, at most 1000 of them with 65,536 characters in all. They replace those before.
   * The log keeps them; trials do not have them.
   */
  readonly output?: readonly string[] | undefined;
}

export type Outcome =
  | {
      readonly state: 'complete';
      readonly value: number;
      /** Known standard deviation of the noise in `value`, in its units. */
      readonly standardError?: number;
      /** Further named figures (seconds, memory, a second objective); constraints and reports read them. */
      readonly metrics?: Readonly<Record<string, number>>;
    }
  | { readonly state: 'pruned' }
  | { readonly state: 'failed'; readonly reason: string };

/** An intermediate value of a running trial. */
export interface Report {
  /** A whole number from 0: epochs, samples, the number of a fold. */
  readonly step: number;
  readonly value: number;
  /** Further named figures at this step, such as those of other objectives. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** A piece of training: one configuration, from the fidelity that it has reached to a larger one. */
export interface TrainingPiece {
  /** Number of the first trial with these parameters, the fidelity aside: the same for all pieces of a configuration. */
  readonly configuration: number;
  /** Where training begins: 0 for a new configuration, and where it cannot go on from a checkpoint. */
  readonly from: number;
  /** Where it ends: the trial's fidelity. */
  readonly to: number;
}

/** What a trial has whatever its state. */
interface AboutTrial<P extends Params> {
  readonly number: number;
  readonly params: P;
  readonly reports: readonly Report[];
  readonly why?: Why;
  /** State of the sampler that proposed these parameters, after the proposal. */
  readonly samplerState?: ProgramState;
  /** True for a past evaluation that the study was given and did not ask for. */
  readonly loaded?: boolean;
  /** Milliseconds since 1970 when it was asked for (again, after its lease ran out); absent in logs without times. */
  readonly startedAt?: number;
  /** Milliseconds since 1970 when its outcome was told. */
  readonly finishedAt?: number;
  /** Why it is not in the present space of its study, which was edited; absent for one that is. */
  readonly outside?: string;
  readonly attributes?: Attributes;
  readonly note?: string;
  /** Of a trial that an ask gives, in a study whose goal has a fidelity. */
  readonly piece?: TrainingPiece;
}

export type Trial<P extends Params = Params> = AboutTrial<P> & ({ readonly state: 'running' } | Outcome);

/**
 * A trial that was deleted. It counts nowhere (as a value, for a sampler, a pruner, a stop rule, a limit of trials, an export), its number
 * is not given again, and it can be restored as it was.
 */
export type DeletedTrial<P extends Params = Params> = AboutTrial<P> & {
  readonly state: 'deleted';
  /** What was told of it; absent where it ran, and nothing was told since. */
  readonly outcome?: Outcome;
};
