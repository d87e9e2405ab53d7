import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';

/**
 * A key and what it does. Two letters with a blank between are pressed one after the other; `Space` is the space bar, and
 * `Ctrl+z` the letter with Ctrl or Command held, `Ctrl+Z` with Shift too.
 */
export interface KeyBinding {
  readonly key: string;
  readonly does: string;
  readonly run: () => void;
}

interface Keys {
  readonly enabled: boolean;
  readonly setEnabled: (enabled: boolean) => void;
  /** What is bound at the moment, the page's own first. */
  readonly bound: () => readonly KeyBinding[];
  readonly add: (bindings: () => readonly KeyBinding[]) => () => void;
}

const KeysContext = createContext<Keys | undefined>(undefined);
const STORED = 'tidewaiter-keys';
/** The second key of a pair comes within this time. */
const PAIR_MS = 1200;

/** Listens for keys. Who dictates or uses a switch can turn single keys off (WCAG 2.1.4). */
export function KeysProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const groups = useRef<(() => readonly KeyBinding[])[]>([]);
  const [enabled, setEnabled] = useState(localStorage.getItem(STORED) !== 'off');
  const keys = useMemo<Keys>(
    () => ({
      enabled,
      setEnabled: (now) => {
        localStorage.setItem(STORED, now ? 'on' : 'off');
        setEnabled(now);
      },
      bound: () => groups.current.flatMap((group) => group()),
      add: (group) => {
        groups.current = [group, ...groups.current];
        return () => {
          groups.current = groups.current.filter((one) => one !== group);
        };
      },
    }),
    [enabled],
  );
  useEffect(() => {
    let first: { key: string; at: number } | undefined;
    const press = (event: KeyboardEvent): void => {
      if (event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      const name = nameOf(event);
      if (name === 'Space' && isPressed(event.target)) return;
      if (document.querySelector('dialog[open]') !== null) return;
      if (!enabled && name !== '?') return;
      const pair =
        first !== undefined && Date.now() - first.at < PAIR_MS ? `${first.key} ${name}` : undefined;
      const found =
        keys.bound().find(({ key }) => key === pair) ?? keys.bound().find(({ key }) => key === name);
      first = found === undefined ? { key: name, at: Date.now() } : undefined;
      if (found === undefined) return;
      event.preventDefault();
      found.run();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [keys, enabled]);
  return <KeysContext value={keys}>{children}</KeysContext>;
}

/** @throws TypeError outside of {@link KeysProvider}. */
export function useKeyboard(): Keys {
  const keys = useContext(KeysContext);
  if (keys === undefined) throw new TypeError('there is no keyboard around this');
  return keys;
}

/** Binds keys while the component is there. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const { add } = useKeyboard();
  const newest = useRef(bindings);
  useEffect(() => {
    newest.current = bindings;
  });
  useEffect(() => add(() => newest.current), [add]);
}

function nameOf({ key, ctrlKey, metaKey }: KeyboardEvent): string {
  return `${ctrlKey || metaKey ? 'Ctrl+' : ''}${key === ' ' ? 'Space' : key}`;
}

/** Whether the space bar is for what has the focus. */
function isPressed(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('button, summary, a, input');
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('input:not([type=checkbox], [type=radio]), textarea, select')
  );
}
