import type { Route } from '@foothold/app-dashboard';

/** The address of an example. */
export function addressOfExample(id: string): string {
  return `#/examples/${id}`;
}

/** The example that an address names; undefined for any other page. */
export function exampleAt(at: Route): string | undefined {
  return at.page === 'unknown' ? /^\/examples\/([\w-]+)$/.exec(at.path)?.[1] : undefined;
}
