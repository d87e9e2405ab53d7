import { useEffect, useId, useRef, type ReactNode } from 'react';
import { t } from '../text/en.ts';

const FIELD = 'input:enabled:not([type=hidden]), select:enabled, textarea:enabled';

/** Asks or tells something before anything else goes on. The browser keeps the focus inside and gives it back afterwards. */
export function Dialog({
  title,
  onClose,
  children,
  wide = false,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    if (shown === null) return;
    shown.showModal();
    const begun = document.activeElement;
    // Who opened it goes on typing, not closing; fields may have to be asked for first.
    const begin = (): void => {
      const field = shown.querySelector<HTMLElement>(FIELD);
      if (field === null && document.activeElement === begun) return;
      late.disconnect();
      if (document.activeElement === begun) field?.focus();
    };
    const late = new MutationObserver(begin);
    late.observe(shown, { childList: true, subtree: true });
    begin();
    return () => {
      late.disconnect();
      shown.close();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`tw-dialog ${wide ? 'tw-dialog--wide' : ''}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className="tw-dialog__head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="usa-button usa-button--unstyled" onClick={onClose}>
          {t.form.close}
        </button>
      </header>
      {children}
    </dialog>
  );
}
