import { computed, signal } from '@preact/signals';

/** What the address after `#` names. */
export type Route =
  | { readonly page: 'studies' }
  | { readonly page: 'study'; readonly name: string; readonly view: string }
  | { readonly page: 'trial'; readonly name: string; readonly number: number }
  | { readonly page: 'compare'; readonly names: readonly string[] }
  | { readonly page: 'unknown'; readonly path: string };

const path = signal('/');

/** The page that is shown. */
export const route = computed<Route>(() => routeOf(path.value));

/** Follows the address of the window, from what it is now on. */
export function followAddress(): void {
  path.value = pathNow();
  window.addEventListener('hashchange', () => {
    path.value = pathNow();
  });
}

function pathNow(): string {
  return location.hash.slice(1);
}

/** The route of a path such as `/studies/NAME/trials/3`; names are percent-encoded. */
export function routeOf(address: string): Route {
  const parts = address.split('/').filter((part) => part !== '');
  const decoded = parts.map(decode);
  if (decoded.length === 0) return { page: 'studies' };
  const [kind, name, third, fourth] = decoded;
  if (kind === 'compare' && parts[1] !== undefined)
    return { page: 'compare', names: parts[1].split(',').map(decode) };
  if (kind !== 'studies' || decoded.length > 4) return { page: 'unknown', path: address };
  if (name === undefined) return { page: 'studies' };
  if (third === 'trials' && fourth !== undefined)
    return /^\d+$/.test(fourth)
      ? { page: 'trial', name, number: Number(fourth) }
      : { page: 'unknown', path: address };
  return fourth === undefined
    ? { page: 'study', name, view: third ?? 'overview' }
    : { page: 'unknown', path: address };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Addresses of the pages. */
export const addressOf = {
  studies: () => '#/',
  study: (name: string, view = 'overview') =>
    `#/studies/${encodeURIComponent(name)}${view === 'overview' ? '' : `/${view}`}`,
  trial: (name: string, number: number) => `#/studies/${encodeURIComponent(name)}/trials/${number}`,
  compare: (names: readonly string[]) => `#/compare/${names.map(encodeURIComponent).join(',')}`,
};

/** Goes to one of `addressOf`. */
export function goTo(address: string): void {
  location.hash = address;
}
