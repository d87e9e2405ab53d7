import { useState, type ReactNode } from 'react';
import { Dialog } from '../../../../../web/kit/dialog.tsx';
import { Check, Choice, Field, Form, type Values } from '../../../../../web/kit/form.tsx';
import { t } from '../../../../../web/text/en.ts';
import { asNumber, asText } from '../site.ts';
import type { CameraText, RuleText } from '../site-text.ts';

const words = t.watch.editor;
type Kind = keyof typeof words.ruleKinds;
type Amount = 'minScore' | 'minHeight' | 'maxHeight' | 'inertia' | 'seconds';

/** Numbers that each kind of rule may have; what is left empty is as usual. */
const amounts: Readonly<Record<Kind, readonly Amount[]>> = {
  'zone-entry': ['inertia', 'minScore', 'minHeight', 'maxHeight'],
  'line-crossing': ['minScore', 'minHeight', 'maxHeight'],
  dwell: ['seconds', 'minScore', 'minHeight', 'maxHeight'],
  'object-left': ['seconds', 'minHeight', 'maxHeight'],
  'object-removed': ['seconds', 'minHeight', 'maxHeight'],
  tamper: ['seconds'],
};
const ofThings: readonly Kind[] = ['zone-entry', 'line-crossing', 'dwell'];
const kinds = Object.entries(words.ruleKinds) as readonly (readonly [Kind, string])[];

/** Asks for a rule: for each kind what it needs. */
export function RuleForm({
  rule,
  camera,
  onRule,
  onClose,
}: {
  /** Undefined for a new one. */
  readonly rule: RuleText | undefined;
  readonly camera: CameraText;
  readonly onRule: (rule: RuleText) => void;
  readonly onClose: () => void;
}): ReactNode {
  const [kind, setKind] = useState<Kind>(kinds.find(([one]) => one === rule?.kind)?.[0] ?? 'zone-entry');
  const given = (name: string): string => asText(rule?.[name]) ?? String(asNumber(rule?.[name]) ?? '');
  const ticked = (name: string, usual: readonly string[]): readonly unknown[] =>
    Array.isArray(rule?.[name]) ? (rule[name] as readonly unknown[]) : usual;
  const list = kind === 'tamper' ? 'what' : 'classes';
  const ticks = Object.entries(kind === 'tamper' ? words.whats : words.classNames);
  const usual = kind === 'tamper' ? ticks.map(([name]) => name) : ['person'];
  const place = kind === 'tamper' ? undefined : kind === 'line-crossing' ? 'line' : 'zone';
  const places = place === 'line' ? camera.lines : camera.zones;
  return (
    <Dialog title={words.ruleTitle} onClose={onClose}>
      <Form
        send={words.apply}
        onSend={async (values) => Promise.resolve(onRule(ruleOf(kind, values, ticks)))}
      >
        <Field
          label={words.ruleId}
          hint={words.nameHint}
          name="id"
          required
          pattern="[a-z0-9][a-z0-9\-]{0,62}"
          defaultValue={rule?.id ?? ''}
        />
        <Choice
          label={words.kind}
          value={kind}
          onChange={({ currentTarget: { value } }) =>
            setKind(kinds.find(([one]) => one === value)?.[0] ?? 'zone-entry')
          }
          options={kinds}
        />
        {place !== undefined &&
          (places.length === 0 ? (
            <p>{place === 'line' ? words.needsLine : words.needsZone}</p>
          ) : (
            <Choice
              label={words[place]}
              name={place}
              defaultValue={given(place)}
              options={places.map(({ id }) => [id, id] as const)}
            />
          ))}
        {kind === 'line-crossing' && (
          <Choice
            label={words.direction}
            name="direction"
            defaultValue={given('direction') || 'both'}
            options={Object.entries(words.directions)}
          />
        )}
        <Choice
          label={words.severity}
          name="severity"
          defaultValue={given('severity') || 'medium'}
          options={Object.entries(t.watch.severity)}
        />
        <Choice
          label={words.when}
          name="when"
          defaultValue={given('when') || 'closed'}
          options={Object.entries(words.whens)}
        />
        {(ofThings.includes(kind) || kind === 'tamper') && (
          <fieldset className="usa-fieldset" key={list}>
            <legend className="usa-legend">{words[list]}</legend>
            {ticks.map(([name, label]) => (
              <Check
                key={name}
                label={label}
                name={name}
                defaultChecked={ticked(list, usual).includes(name)}
              />
            ))}
          </fieldset>
        )}
        {[...amounts[kind], 'coolDown' as const].map((name) => (
          <Field
            key={name}
            label={words[name]}
            name={name}
            type="number"
            min={0}
            step="any"
            required={kind === 'dwell' && name === 'seconds'}
            defaultValue={given(name)}
          />
        ))}
      </Form>
    </Dialog>
  );
}

/** The rule as the file has it: what was left as usual is not written. */
function ruleOf(kind: Kind, values: Values, ticks: readonly (readonly [string, string])[]): RuleText {
  const ticked = ticks.map(([name]) => name).filter((name) => values[name] !== undefined);
  const numbers = [...amounts[kind], 'coolDown'].filter((name) => (values[name] ?? '') !== '');
  const names = ['zone', 'line', 'direction', 'severity', 'when'].filter(
    (name) => values[name] !== undefined,
  );
  return {
    id: values['id'] ?? '',
    kind,
    ...Object.fromEntries(names.map((name) => [name, values[name]])),
    ...(kind === 'tamper' ? { what: ticked } : ofThings.includes(kind) ? { classes: ticked } : {}),
    ...Object.fromEntries(numbers.map((name) => [name, Number(values[name])])),
  };
}
