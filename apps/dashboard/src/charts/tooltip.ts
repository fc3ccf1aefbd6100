/** One line of text beside the pointer, for all charts. */
let element: HTMLElement | undefined;
/** Pixels between the pointer and the text, and to the window's edge. */
const gap = 14;

/** Shows the text at a position of the window. */
export function showTooltip(text: string, { x, y }: { readonly x: number; readonly y: number }): void {
  element ??= made();
  element.textContent = text;
  element.hidden = false;
  const { offsetWidth, offsetHeight } = element;
  element.style.left = `${Math.max(4, Math.min(x + gap, window.innerWidth - offsetWidth - gap))}px`;
  element.style.top = `${y + gap + offsetHeight > window.innerHeight ? y - gap - offsetHeight : y + gap}px`;
}

export function hideTooltip(): void {
  if (element) element.hidden = true;
}

function made(): HTMLElement {
  const tip = document.createElement('div');
  tip.className = 'tooltip';
  tip.setAttribute('aria-hidden', 'true');
  document.body.append(tip);
  return tip;
}
