import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Width of an element in whole pixels, 0 before it is known, and whether it is or was in view. */
export function useWidth(element: RefObject<HTMLElement | null>): {
  readonly width: number;
  readonly isSeen: boolean;
} {
  const [width, setWidth] = useState(0);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const sizes = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    const views = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting) return;
        setSeen(true);
        views.disconnect();
      },
      { rootMargin: '200px' },
    );
    sizes.observe(target);
    views.observe(target);
    return () => {
      sizes.disconnect();
      views.disconnect();
    };
  }, [element]);
  return { width, isSeen };
}
