/** The address without what may be a password: all between `//`, the user's name and the last `@`, and such parameters. */
export function shownAddress(address: string): string {
  return address
    .replace(/^([^:]*:\/\/)(.*)@/s, (_, scheme: string, user: string) =>
      user.includes(':') ? `${scheme}${user.slice(0, user.indexOf(':'))}:…@` : `${scheme}${user}@`,
    )
    .replace(/([?&;\s][^=&;\s]*pass[^=&;\s]*=)[^&;\s]*/gi, '$1…');
}
