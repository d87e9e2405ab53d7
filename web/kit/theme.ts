import { useState } from 'react';

/** How the console looks: as the system says, or as the person chose in this browser. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const STORED = 'tidewaiter-theme';

function stored(): Theme {
  const kept = localStorage.getItem(STORED);
  return themes.find((theme) => theme === kept) ?? 'system';
}

/** Puts a theme on the root of the page; the stylesheet does the rest. */
export function applyTheme(theme = stored()): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset['theme'];
  else dataset['theme'] = theme;
}

/** The theme of this browser, and how it is changed: at once, and for every visit after this one. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(stored);
  return [
    theme,
    (next) => {
      localStorage.setItem(STORED, next);
      applyTheme(next);
      setTheme(next);
    },
  ];
}
