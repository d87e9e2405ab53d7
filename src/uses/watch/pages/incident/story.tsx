import type { ReactNode } from 'react';
import type { Answer } from '../../../../../web/kit/api.ts';
import { useNames } from '../../../../../web/kit/me.ts';
import { t } from '../../../../../web/text/en.ts';
import { asText } from '../site.ts';
import { useSecond } from '../zone.ts';

const words = t.watch.incident;

/** What was done about it, oldest first. */
export function Story({ steps }: { readonly steps: Answer<'getIncident'>['steps'] }): ReactNode {
  const showSecond = useSecond();
  const nameOf = useNames();
  if (steps.length === 0) return <p className="tw-quiet">{words.nothingDone}</p>;
  const reasons: Readonly<Record<string, string>> = t.watch.dismissals;
  const roles: Readonly<Record<string, string>> = t.watch.steps.roles;
  const about = (facts: Readonly<Record<string, unknown>>): string | undefined => {
    const [reason, role, person] = ['reason', 'role', 'person'].map((name) => asText(facts[name]));
    if (reason !== undefined) return reasons[reason] ?? reason;
    if (role !== undefined) return roles[role] ?? role;
    return person === undefined ? undefined : nameOf(person);
  };
  return (
    <ol className="tw-plain">
      {steps.map(({ step, by, note, facts, at }) => (
        <li key={`${at} ${step}`} className="tw-line">
          <strong>{words.stepNames[step] ?? step}</strong>
          {about(facts) !== undefined && `: ${about(facts) ?? ''}`}
          {asText(note) !== undefined && <> “{asText(note)}”</>}{' '}
          <span className="tw-quiet">
            {by === null ? words.clock : nameOf(by)}, {showSecond(at)}
          </span>
        </li>
      ))}
    </ol>
  );
}
