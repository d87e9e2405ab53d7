import type { ReactNode } from 'react';
import type { Answer } from '../../../../../web/kit/api.ts';
import { Check, Field, type Values } from '../../../../../web/kit/form.tsx';
import { t } from '../../../../../web/text/en.ts';

const words = t.watch.channels;
export type Channel = Answer<'listChannels'>['items'][number];
type Choice = Channel['choice'];
type Key<Of> = Extract<keyof Of, string>;
const keysOf = <Of extends object>(of: Of): Key<Of>[] => Object.keys(of) as Key<Of>[];
const severities = keysOf(t.watch.severity);
const steps = keysOf(words.stepNames);
const days = keysOf(t.watch.arming.days);
const listed = (text = ''): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** What a channel carries and when, as fields of a form. */
export function ChoiceFields({ choice }: { readonly choice?: Choice }): ReactNode {
  return (
    <>
      <fieldset className="usa-fieldset">
        <legend className="usa-label">{words.severities}</legend>
        <div className="tw-row">
          {severities.map((one) => (
            <Check
              key={one}
              label={t.watch.severity[one]}
              name={`severity ${one}`}
              defaultChecked={choice?.severities?.includes(one) ?? true}
            />
          ))}
        </div>
      </fieldset>
      <fieldset className="usa-fieldset">
        <legend className="usa-label">{words.steps}</legend>
        <div className="tw-row">
          {steps.map((one) => (
            <Check
              key={one}
              label={words.stepNames[one]}
              name={`step ${one}`}
              defaultChecked={choice?.steps?.includes(one) ?? true}
            />
          ))}
        </div>
      </fieldset>
      <div className="ww-pair">
        <Field
          label={words.rules}
          hint={words.rulesHint}
          name="rules"
          defaultValue={choice?.rules?.join(', ') ?? ''}
        />
        <Field
          label={words.perMinute}
          hint={words.perMinuteHint}
          name="perMinute"
          type="number"
          min={1}
          max={600}
          defaultValue={choice?.perMinute ?? ''}
        />
      </div>
      <fieldset className="usa-fieldset">
        <legend className="usa-label">{words.quiet}</legend>
        <span className="usa-hint">{words.quietHint}</span>
        <div className="ww-week">
          {days.map((day) => (
            <Field
              key={day}
              label={t.watch.arming.days[day]}
              name={`quiet ${day}`}
              pattern="\s*\d\d:\d\d-\d\d:\d\d(\s*,\s*\d\d:\d\d-\d\d:\d\d)*\s*"
              title={words.quietHint}
              defaultValue={choice?.quiet?.[day]?.join(', ') ?? ''}
            />
          ))}
        </div>
      </fieldset>
    </>
  );
}

/** What was chosen in {@link ChoiceFields}. */
export function choiceOf(values: Values): Choice {
  const perMinute = values['perMinute'] ?? '';
  const quiet = days
    .map((day) => [day, listed(values[`quiet ${day}`])] as const)
    .filter(([, hours]) => hours.length > 0);
  return {
    severities: severities.filter((one) => `severity ${one}` in values),
    steps: steps.filter((one) => `step ${one}` in values),
    rules: listed(values['rules']),
    quiet: Object.fromEntries(quiet),
    ...(perMinute === '' ? {} : { perMinute: Number(perMinute) }),
  };
}
