import { useState, type ReactNode } from 'react';
import { Button } from '../../../../../web/kit/form.tsx';
import { Section } from '../../../../../web/kit/page.tsx';
import { t } from '../../../../../web/text/en.ts';
import type { CameraText, RuleText } from '../site-text.ts';
import { putRule, remove } from './edit-site.ts';
import { RuleForm } from './rule-form.tsx';

const words = t.watch.editor;

/** The rules of a camera; each is changed in a form. */
export function RuleList({
  camera,
  readOnly,
  text,
  onText,
}: {
  readonly camera: CameraText;
  readonly readOnly: boolean;
  readonly text: string;
  readonly onText: (text: string, say: string) => void;
}): ReactNode {
  const [asking, setAsking] = useState<RuleText | 'new'>();
  const kinds: Readonly<Record<string, string>> = words.ruleKinds;
  return (
    <Section
      title={words.rules}
      actions={!readOnly && <Button onClick={() => setAsking('new')}>{words.addRule}</Button>}
    >
      {camera.rules.length === 0 && <p className="tw-quiet">{words.noRules}</p>}
      <ul className="tw-plain">
        {camera.rules.map((rule) => (
          <li key={rule.id} className="tw-line tw-row">
            <span>
              <strong>{rule.id}</strong> · {kinds[rule.kind] ?? rule.kind}
            </span>
            {!readOnly && (
              <>
                <Button kind="unstyled" onClick={() => setAsking(rule)}>
                  {words.editRule(rule.id)}
                </Button>
                <Button
                  kind="unstyled"
                  onClick={() => onText(remove(text, camera.id, 'rules', rule.id), words.said.removed)}
                >
                  {words.remove(rule.id)}
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
      {asking !== undefined && (
        <RuleForm
          rule={asking === 'new' ? undefined : asking}
          camera={camera}
          onClose={() => setAsking(undefined)}
          onRule={(rule) => {
            const before = asking === 'new' ? rule.id : asking.id;
            onText(
              putRule(text, camera.id, before, rule),
              asking === 'new' ? words.said.added : words.said.moved,
            );
            setAsking(undefined);
          }}
        />
      )}
    </Section>
  );
}
