import { useId, useState, type ComponentProps, type ReactNode } from 'react';
import { t } from '../text/en.ts';
import { Problem } from './problem.tsx';

/** The values of a form by the names of its fields. */
export type Values = Readonly<Record<string, string>>;

/**
 * A form that sends its values once at a time, and shows what went wrong above its button.
 * @param onSend may throw: what it throws is shown, and the values stay.
 */
export function Form({
  onSend,
  send,
  children,
  extra,
  className = '',
}: {
  readonly onSend: (values: Values) => Promise<unknown>;
  /** Words on the button. */
  readonly send: string;
  readonly children?: ReactNode;
  /** Beside the button. */
  readonly extra?: ReactNode;
  readonly className?: string;
}): ReactNode {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (form: HTMLFormElement): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const given = [...new FormData(form)].map(([name, value]) => [
        name,
        typeof value === 'string' ? value : '',
      ]);
      await onSend(Object.fromEntries(given) as Values);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className={`usa-form tw-form ${className}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit(event.currentTarget);
      }}
    >
      {children}
      <Problem error={error} />
      <div className="tw-row">
        <button className="usa-button" type="submit" aria-disabled={busy}>
          {busy ? t.form.busy : send}
        </button>
        {extra}
      </div>
    </form>
  );
}

interface Labelled {
  readonly label: string;
  readonly hint?: string;
}

/** A control below its label, with a hint that assistive software reads with it. */
function Labelling({
  label,
  hint,
  after,
  children,
}: Labelled & {
  readonly after?: ReactNode;
  readonly children: (names: { readonly id: string; readonly 'aria-describedby'?: string }) => ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <div>
      <label className="usa-label" htmlFor={id}>
        {label}
        {after}
      </label>
      {hint !== undefined && (
        <span className="usa-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {children({ id, ...(hint === undefined ? {} : { 'aria-describedby': `${id}-hint` }) })}
    </div>
  );
}

export function Field({ label, hint, ...input }: Labelled & ComponentProps<'input'>): ReactNode {
  const optional = input.required !== true && input.type !== 'search';
  return (
    <Labelling
      label={label}
      {...(hint === undefined ? {} : { hint })}
      after={optional && <span className="usa-hint"> {t.form.optional}</span>}
    >
      {(names) => <input className="usa-input" {...names} {...input} />}
    </Labelling>
  );
}

export function Area({ label, hint, ...area }: Labelled & ComponentProps<'textarea'>): ReactNode {
  return (
    <Labelling label={label} {...(hint === undefined ? {} : { hint })}>
      {(names) => <textarea className="usa-textarea" {...names} {...area} />}
    </Labelling>
  );
}

export function Choice({
  label,
  hint,
  options,
  ...select
}: Labelled & {
  readonly options: readonly (readonly [value: string, words: string])[];
} & ComponentProps<'select'>): ReactNode {
  return (
    <Labelling label={label} {...(hint === undefined ? {} : { hint })}>
      {(names) => (
        <select className="usa-select" {...names} {...select}>
          {options.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Labelling>
  );
}

export function Check({ label, ...input }: { readonly label: string } & ComponentProps<'input'>): ReactNode {
  const id = useId();
  return (
    <div className="usa-checkbox">
      <input className="usa-checkbox__input" type="checkbox" id={id} {...input} />
      <label className="usa-checkbox__label" htmlFor={id}>
        {label}
      </label>
    </div>
  );
}

export function Button({
  kind = 'outline',
  className = '',
  ...button
}: { readonly kind?: 'plain' | 'outline' | 'unstyled' | 'secondary' } & ComponentProps<'button'>): ReactNode {
  const style = kind === 'plain' ? '' : `usa-button--${kind}`;
  return <button type="button" className={`usa-button ${style} ${className}`} {...button} />;
}
