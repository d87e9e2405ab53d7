import { useEffect, useId, useRef, type ReactNode } from 'react';
import { t } from '../text/en.ts';

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
    shown?.showModal();
    // Who opened it goes on typing, not closing.
    shown?.querySelector<HTMLElement>('input:not([type=hidden]), select, textarea')?.focus();
    return () => shown?.close();
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
