import { packageVersion } from './package-version.ts';

/** The program that logs of studies name for their suggestions. */
export function programName(): string {
  return `foothold ${packageVersion()}`;
}
