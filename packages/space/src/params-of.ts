import type { Params, SearchSpace } from '@foothold/core';
import type { Parameter } from './parameter.ts';

/** Parameters by name: what `searchSpace` takes. */
export type Shape = Readonly<Record<string, Parameter>>;

type ValueOf<D> = D extends { default(value: infer T): unknown } ? T : never;
type ParentsOf<D> = D extends { readonly parents: readonly (infer W)[] } ? W : never;

type Always<S> = { [K in keyof S]: [ParentsOf<S[K]>] extends [never] ? K : never }[keyof S];

/** Type of the parameters of a shape: conditional ones are optional. */
export type ParamsOfShape<S> = {
  readonly [K in keyof S as K extends Always<S> ? K : never]: ValueOf<S[K]>;
} & {
  readonly [K in keyof S as K extends Always<S> ? never : K]?: ValueOf<S[K]>;
} extends infer P extends Params
  ? { readonly [K in keyof P]: P[K] }
  : never;

/**
 * Type of the parameters of a space, for an objective that is written before the call: `ParamsOf<typeof space>`. Also
 * of a shape, an object from name to parameter. Conditional parameters are optional; other names are type errors.
 */
export type ParamsOf<S> = S extends SearchSpace<infer P> ? P : ParamsOfShape<S>;

/** The shape itself where every condition names one of its parameters; else a type that the shape does not fit. */
export type WithKnownParents<S> = {
  readonly [K in keyof S]: ParentsOf<S[K]> extends keyof S ? S[K] : Parameter<never, keyof S & string>;
};
