import type { importable } from '../program/compile-names.ts';

type Package = (typeof importable)[number];

/** What a program imports: loaded when one asks for it. */
const packages: Readonly<Record<Package, () => Promise<unknown>>> = {
  foothold: () => import('./foothold-for-programs.ts'),
  '@tensorflow/tfjs': () => import('@tensorflow/tfjs'),
};

/** A package by its name, which `compile` has checked. */
export function importPackage(name: string): Promise<unknown> {
  return packages[name as Package]();
}
