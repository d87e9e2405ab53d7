import type { ReactNode } from 'react';
import type { AiIncident } from '../../../../src/client/index.ts';
import { useDo } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { Area, Choice, Field, Form } from '../../../kit/form.tsx';
import { t } from '../../../text/en.ts';
import { uses } from '../../uses.ts';
import { UseField } from './figures.tsx';

const words = t.oversight.stops;
const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Asks what happened, with a use that came along or one that was put before the offices. @param onReported is given what came of it. */
export function ReportIncident({
  onClose,
  onReported,
}: {
  readonly onClose: () => void;
  readonly onReported: (words: string) => void;
}): ReactNode {
  const report = useDo('reportIncident', ['listAiIncidents', 'listSuspensions', 'listRegistrations']);
  return (
    <Dialog title={words.report} onClose={onClose}>
      <p>{words.reportStops}</p>
      <Form
        send={words.send}
        onSend={async ({ use = '', severity = '', what = '', at = '', outside = '' }) => {
          const toldOutside = outside
            .split('\n')
            .map((line) => line.trim())
            .filter((line) => line !== '');
          const { suspension, told } = await report.mutateAsync({
            body: {
              ...{ use, what, toldOutside, severity: severity as AiIncident['severity'] },
              happenedAt: new Date(at).toISOString(),
            },
          });
          onReported((suspension === null ? words.reported : words.reportedAndStopped)(told.length));
          onClose();
        }}
      >
        <UseField besides={uses.map(({ use }) => use)} />
        <Choice
          label={words.severity}
          name="severity"
          required
          options={[['', words.chooseGrade], ...Object.entries(words.grades)]}
        />
        <Area label={words.happened} hint={words.happenedHint} name="what" required minLength={10} rows={3} />
        <Field label={words.at} hint={words.atHint(zone)} name="at" type="datetime-local" required />
        <Area label={words.outside} hint={words.outsideHint} name="outside" rows={1} />
      </Form>
    </Dialog>
  );
}
