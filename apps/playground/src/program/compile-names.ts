/** The function of the worker that gives a package to the program. */
export const importFunction = 'importPackage';

/** Packages that a program may import. */
export const importable = ['foothold', '@tensorflow/tfjs'] as const;
