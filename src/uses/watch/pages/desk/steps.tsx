import { useState, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, keyOf } from '../../../../../web/kit/api.ts';
import { Button } from '../../../../../web/kit/form.tsx';
import { useKeys } from '../../../../../web/kit/keys.tsx';
import { useMay } from '../../../../../web/kit/me.ts';
import { Problem } from '../../../../../web/kit/problem.tsx';
import { t } from '../../../../../web/text/en.ts';
import type { Incident } from '../site.ts';
import { StepDialog, type StepBody } from './step-dialogs.tsx';
import './desk.css';

const words = t.watch.steps;
type State = Incident['state'];
export type StepName = 'acknowledge' | 'confirm' | 'dismiss' | 'escalate' | 'close' | 'note';

/** The key of a step, and in which states it can be taken; the server decides, this spares buttons that would be refused. */
const steps: readonly (readonly [StepName, string, readonly State[]])[] = [
  ['acknowledge', 'a', ['new', 'escalated']],
  ['confirm', 'c', ['new', 'acknowledged', 'escalated', 'dismissed']],
  ['dismiss', 'd', ['new', 'acknowledged', 'escalated', 'confirmed']],
  ['escalate', 'e', ['new', 'acknowledged', 'confirmed']],
  ['close', 'x', ['confirmed', 'dismissed', 'escalated']],
  ['note', 'n', ['new', 'acknowledged', 'confirmed', 'dismissed', 'escalated', 'closed']],
];

/** Who answers alerts. */
export const desk = ['operator', 'officer', 'investigator', 'supervisor'] as const;

/** Takes steps about an incident; what others did first is said. */
export function Steps({
  incident,
  more,
  onTaken,
}: {
  readonly incident: Incident;
  /** What else can be done about it, behind the steps. */
  readonly more?: ReactNode;
  /** @param after as it is now. */
  readonly onTaken?: (after: Incident) => void;
}): ReactNode {
  const [asking, setAsking] = useState<Exclude<StepName, 'acknowledge' | 'close'>>();
  const [error, setError] = useState<unknown>();
  const [said, setSaid] = useState('');
  const queries = useQueryClient();
  const may = useMay()(desk, incident.site);
  const taken = incident.acknowledgedBy !== null;
  const open = steps.filter(
    ([name, , states]) => may && states.includes(incident.state) && !(name === 'acknowledge' && taken),
  );
  const take = async (body: StepBody): Promise<void> => {
    setError(undefined);
    const { id, version } = incident;
    try {
      const after = await api.call('stepIncident', { params: { id }, body, ifMatch: `"${version}"` });
      setSaid(words.done[body.step]);
      onTaken?.(after.body);
    } finally {
      void queries.invalidateQueries({ queryKey: keyOf('getIncident', { params: { id } }) });
    }
  };
  const start = (name: StepName): void => {
    if (name === 'acknowledge' || name === 'close') void take({ step: name }).catch(setError);
    else setAsking(name);
  };
  useKeys(open.map(([name, key]) => ({ key, does: words[name], run: () => start(name) })));
  return (
    <div className="ww-steps">
      <div className="tw-row">
        {open.map(([name, key], index) => (
          <Button key={name} kind={index === 0 ? 'plain' : 'outline'} onClick={() => start(name)}>
            {words[name]} <kbd>{key}</kbd>
          </Button>
        ))}
        {more}
      </div>
      <Problem error={error} />
      <p className="usa-sr-only" role="status">
        {said}
      </p>
      {asking !== undefined && (
        <StepDialog
          step={asking}
          onClose={() => setAsking(undefined)}
          onSend={async (body) => {
            await take(body);
            setAsking(undefined);
          }}
        />
      )}
    </div>
  );
}
