/** Milliseconds as `12 s` or `3:05 min`. */
export function clock(time: number): string {
  const seconds = Math.ceil(time / 1000);
  return seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`;
}
