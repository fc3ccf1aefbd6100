import { computed, effect, signal } from '@preact/signals';

/** What a person chose: the system's way, or one of the two. */
export type Theme = 'system' | 'light' | 'dark';
const key = 'foothold-theme';

const systemIsDark = signal(false);
export const theme = signal<Theme>('system');
export const isDark = computed(() =>
  theme.value === 'system' ? systemIsDark.value : theme.value === 'dark',
);

/** Reads what was chosen, follows the system, and keeps the page's root element in that theme. */
export function followTheme(): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  systemIsDark.value = dark.matches;
  dark.addEventListener('change', () => {
    systemIsDark.value = dark.matches;
  });
  const kept = read();
  if (kept === 'light' || kept === 'dark') theme.value = kept;
  effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme.value;
  });
}

/** The other one of light and dark; the system's own is kept as no choice. */
export function switchTheme(): void {
  const wanted = isDark.value ? 'light' : 'dark';
  theme.value = (wanted === 'dark') === systemIsDark.value ? 'system' : wanted;
  try {
    localStorage.setItem(key, theme.value);
  } catch {
    // A page that may not keep anything still shows what was chosen.
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
