import { Outlet, useRouterState } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, keyOf } from '../kit/api.ts';
import { Dialog } from '../kit/dialog.tsx';
import { Check } from '../kit/form.tsx';
import { Go, useGo } from '../kit/go.tsx';
import { useKeyboard, useKeys, type KeyBinding } from '../kit/keys.tsx';
import { useSession } from '../kit/me.ts';
import { t } from '../text/en.ts';
import { ReportFromHere } from './pages/oversight/lazy.tsx';
import { PersonMenu } from './person-menu.tsx';
import { uses } from './uses.ts';

const places = [
  ['/', t.today.title, 't'],
  ['/cases', t.cases.title, 'c'],
  ['/library', t.library.title, 'l'],
  ['/findings', t.findings.title, 'f'],
  ...uses.flatMap(({ use, title, place }) =>
    place === undefined ? [] : [[`/${use}/${place.path}`, title, place.key] as const],
  ),
  ['/oversight', t.oversight.title, 'o'],
  ['/admin', t.admin.title, 'a'],
] as const;

/** What stands around every page. */
export function Frame(): ReactNode {
  const [help, setHelp] = useState<readonly KeyBinding[]>();
  const { bound } = useKeyboard();
  const go = useGo();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const { person } = useSession();
  const queries = useQueryClient();
  const showHelp = (): void => setHelp(bound());
  const signOut = async (): Promise<void> => {
    await api.call('signOut', {});
    queries.clear();
    queries.setQueryData(keyOf('getSession', {}), { state: 'none' });
  };
  useKeys([
    { key: '?', does: t.keys.help, run: showHelp },
    ...places.map(([to, title, key]) => ({ key: `g ${key}`, does: t.keys.go(title), run: () => go(to) })),
    {
      key: '/',
      does: t.keys.filter,
      run: () => document.querySelector<HTMLElement>('[data-filter] input')?.focus(),
    },
  ]);
  return (
    <>
      <a className="usa-skipnav" href="#main">
        {t.frame.skip}
      </a>
      <header className="tw-head">
        <Go to="/" className="tw-brand">
          <span className="tw-mark" aria-hidden="true" />
          <span className="tw-name">{t.name}</span>
        </Go>
        <nav aria-label={t.frame.navigation}>
          <ul>
            {places.map(([to, title]) => {
              const here = to === '/' ? path === '/' : path.startsWith(`/${to.split('/')[1] ?? ''}`);
              return (
                <li key={to} className={here ? 'tw-here' : ''}>
                  <Go to={to} className="tw-place">
                    {title}
                  </Go>
                </li>
              );
            })}
          </ul>
        </nav>
        <div className="tw-head__me">
          <ReportFromHere />
          <button type="button" className="tw-place" onClick={showHelp}>
            {t.frame.keys} <kbd>?</kbd>
          </button>
          <PersonMenu name={person?.name ?? ''} />
          <button type="button" className="tw-place" onClick={() => void signOut()}>
            {t.frame.signOut}
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1} className="tw-main">
        {/* A page begins anew where it shows something else. */}
        <div key={path}>
          <Outlet />
        </div>
      </main>
      <footer className="tw-foot">
        <span>{t.frame.notGovernment}</span>
        <span>{t.frame.recorded}</span>
        <a href="/api">{t.frame.api}</a>
      </footer>
      {help !== undefined && <Help bindings={help} onClose={() => setHelp(undefined)} />}
    </>
  );
}

function Help({
  bindings,
  onClose,
}: {
  readonly bindings: readonly KeyBinding[];
  readonly onClose: () => void;
}): ReactNode {
  const { enabled, setEnabled } = useKeyboard();
  const unique = [...new Map(bindings.map((binding) => [binding.key, binding])).values()];
  return (
    <Dialog title={t.keys.title} onClose={onClose}>
      <Check label={t.keys.enabled} checked={enabled} onChange={() => setEnabled(!enabled)} />
      <dl className="tw-keys">
        {unique.map(({ key, does }) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
