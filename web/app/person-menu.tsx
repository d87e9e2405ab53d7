import { useId, useRef, useState, type ReactNode } from 'react';
import { Go } from '../kit/go.tsx';
import { themes, useTheme } from '../kit/theme.ts';
import { t } from '../text/en.ts';

/** The name of who is signed in; behind it the own account and how the console looks in this browser. */
export function PersonMenu({ name }: { readonly name: string }): ReactNode {
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="tw-place" popoverTarget={id}>
        {name} <span aria-hidden="true">▾</span>
      </button>
      {/* The browser closes it by Escape and by a click beside it, and gives the focus back. */}
      <div
        id={id}
        ref={menu}
        popover="auto"
        className="tw-menu"
        onBeforeToggle={({ newState }) => setOpen(newState === 'open')}
      >
        {open && (
          <>
            <div onClick={() => menu.current?.hidePopover()}>
              <Go to="/admin/account">{t.account.title}</Go>
            </div>
            <Look />
          </>
        )}
      </div>
    </>
  );
}

function Look(): ReactNode {
  const id = useId();
  const [theme, setTheme] = useTheme();
  return (
    <fieldset className="usa-fieldset">
      <legend>{t.frame.look}</legend>
      {themes.map((one) => (
        <div key={one} className="usa-radio">
          <input
            className="usa-radio__input"
            type="radio"
            id={`${id}-${one}`}
            name={id}
            checked={one === theme}
            onChange={() => setTheme(one)}
          />
          <label className="usa-radio__label" htmlFor={`${id}-${one}`}>
            {t.frame.looks[one]}
          </label>
        </div>
      ))}
    </fieldset>
  );
}
