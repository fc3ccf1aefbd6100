const chain = Symbol.for('@foothold/error');

/** Root of every error thrown on purpose. `instanceof` compares names, so it holds across two installed copies. */
export class OptimizationError extends Error {
  static readonly id: string = 'OptimizationError';
  /** True when the same call may succeed later; false when the caller has to change something first. */
  readonly retry: boolean = false;
  readonly [chain]: ReadonlySet<string>;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.id;
    const ids = new Set<string>();
    for (let c: unknown = new.target; typeof c === 'function' && 'id' in c; c = Object.getPrototypeOf(c))
      ids.add(String(c.id));
    this[chain] = ids;
  }
  static override [Symbol.hasInstance](value: unknown): boolean {
    return (
      typeof value === 'object' &&
      value !== null &&
      chain in value &&
      (value[chain] as ReadonlySet<string>).has(this.id)
    );
  }
}

/** The caller passed sizes that do not fit. A bug: do not retry. */
export class ShapeError extends OptimizationError {
  static override readonly id: string = 'ShapeError';
}

/** The matrix has a non-positive pivot. Raise the noise or the jitter, or use a backend with a smaller epsilon. */
export class NotPositiveDefiniteError extends OptimizationError {
  static override readonly id: string = 'NotPositiveDefiniteError';
  readonly pivot: number;
  readonly value: number;
  constructor(pivot: number, value: number) {
    super(`pivot ${pivot} is ${value}, not positive: the matrix is not positive definite`);
    this.pivot = pivot;
    this.value = value;
  }
}

/** An option or argument is not what the function takes. Change it: do not retry. */
export class InvalidArgumentError extends OptimizationError {
  static override readonly id: string = 'InvalidArgumentError';
  readonly argument: string;
  readonly value: unknown;
  readonly allowed: string;
  constructor(argument: string, value: unknown, allowed: string) {
    super(`${argument} is ${shown(value)}, allowed is ${allowed}`);
    this.argument = argument;
    this.value = value;
    this.allowed = allowed;
  }
}

/** A parameter's value lies outside its domain, is missing, or is not a parameter of the space. Change it: do not retry. */
export class OutOfSpaceError extends OptimizationError {
  static override readonly id: string = 'OutOfSpaceError';
  readonly parameter: string;
  readonly value: unknown;
  readonly allowed: string;
  constructor(parameter: string, value: unknown, allowed: string) {
    super(`${parameter} is ${shown(value)}, outside ${allowed}`);
    this.parameter = parameter;
    this.value = value;
    this.allowed = allowed;
  }
}

/** Every point of a finite space has been evaluated or is being evaluated. Stop, or allow repeats; pieces of training that continue have none. */
export class SpaceExhaustedError extends OptimizationError {
  static override readonly id: string = 'SpaceExhaustedError';
  readonly size: number;
  constructor(size: number) {
    super(
      `all ${size} points of the space are evaluated or pending; stop here, or allow repeats (training that continues has none)`,
    );
    this.size = size;
  }
}

/**
 * Every point tried breaks the constraints of the space, so that there is nothing to propose. Loosen the constraints, or
 * enqueue a point that keeps them: samplers search around it.
 */
export class InfeasibleSpaceError extends OptimizationError {
  static override readonly id: string = 'InfeasibleSpaceError';
  /** Points tried. */
  readonly tried: number;
  /** Why the last of them may not be evaluated: the text of `SearchSpace.violation`. */
  readonly violation: string;
  constructor(tried: number, violation: string) {
    super(
      `none of ${tried} points tried keeps the constraints of the space (the last one: ${violation}); loosen them, or enqueue a point that keeps them`,
    );
    this.tried = tried;
    this.violation = violation;
  }
}

/** A trial was told something that its state does not allow. Do not retry: the trial keeps what it has. */
export class TrialStateError extends OptimizationError {
  static override readonly id: string = 'TrialStateError';
  readonly number: number;
  readonly from: string;
  readonly to: string;
  constructor(number: number, from: string, to: string) {
    super(`trial ${number} is ${from} and cannot become ${to}`);
    this.number = number;
    this.from = from;
    this.to = to;
  }
}

/** A model could not be fitted even after every simplification. The data is at fault, not the moment: do not retry. */
export class FitError extends OptimizationError {
  static override readonly id: string = 'FitError';
}

/** A plug-in lacks an ability that the problem needs. Choose another one, or change the problem. */
export class UnsupportedError extends OptimizationError {
  static override readonly id: string = 'UnsupportedError';
  readonly ability: string;
  readonly by: string;
  constructor(ability: string, by: string, advice = '') {
    super(`${by} does not support ${ability}${advice && `: ${advice}`}`);
    this.ability = ability;
    this.by = by;
  }
}

/** The study has asked for as many trials as `trials` of an ask allows. Not a mistake: the run is over. */
export class TrialLimitError extends OptimizationError {
  static override readonly id: string = 'TrialLimitError';
  readonly trials: number;
  constructor(trials: number) {
    super(`the study has its ${trials} trials`);
    this.trials = trials;
  }
}

/** A study's log could not be read or written. `retry` is true when another writer was first or the device was busy. */
export class StorageError extends OptimizationError {
  static override readonly id: string = 'StorageError';
  override readonly retry: boolean;
  constructor(message: string, options: ErrorOptions & { readonly retry?: boolean } = {}) {
    super(message, options);
    this.retry = options.retry ?? false;
  }
}

/**
 * The study that was followed or opened is not under this name any more: it was removed, renamed or replaced. Open it again by the
 * name that it has now.
 */
export class StudyReplacedError extends StorageError {
  static override readonly id: string = 'StudyReplacedError';
}

/** A value as a person would write it, short enough for a message. */
function shown(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : typeof value === 'object'
        ? safeJson(value)
        : String(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
