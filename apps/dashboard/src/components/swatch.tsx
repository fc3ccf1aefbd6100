/** Colours of series in the charts. */
const colors = 8;

/** The colour that a series of this index has in the charts; nothing below 0. What it means stands beside it. */
export function Swatch({ color }: { readonly color: number }) {
  return color < 0 ? null : <span class="swatch" data-color={color % colors} aria-hidden="true" />;
}
