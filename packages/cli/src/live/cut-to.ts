import stringWidth from 'string-width';

/** The text cut to so many character cells of a terminal, the last of them then an ellipsis. */
export function cutTo(text: string, cells: number): string {
  if (stringWidth(text) <= cells) return text;
  let result = '';
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += stringWidth(segment);
    if (width > cells - 1) break;
    result += segment;
  }
  return cells > 0 ? `${result}…` : '';
}
