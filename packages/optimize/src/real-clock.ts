/** Milliseconds since 1970: the clock of studies that are given no other one. */
export function realClock(): number {
  return Date.now();
}
