import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Rows beside those in view that are there already. */
const overscan = 12;

/** The rows of a long list that are drawn. `rowHeight` in pixels; `scroller` is what scrolls. */
export function useVirtualRows(
  scroller: RefObject<HTMLElement | null>,
  { count, rowHeight }: { readonly count: number; readonly rowHeight: number },
) {
  const [, redraw] = useState(0);
  const options = {
    ...{ count, overscan, observeElementRect, observeElementOffset, scrollToFn: elementScroll },
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    onChange: () => redraw((drawn) => drawn + 1),
  };
  const kept = useRef<Virtualizer<HTMLElement, HTMLElement> | undefined>(undefined);
  kept.current ??= new Virtualizer<HTMLElement, HTMLElement>(options);
  const virtualizer = kept.current;
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  return virtualizer;
}
