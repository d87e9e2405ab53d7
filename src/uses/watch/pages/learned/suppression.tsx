import { useState, type ReactNode } from 'react';
import { useDo, type Answer } from '../../../../../web/kit/api.ts';
import { Dialog } from '../../../../../web/kit/dialog.tsx';
import { Area, Button, Field, Form } from '../../../../../web/kit/form.tsx';
import { showPercent } from '../../../../../web/kit/format.ts';
import { Go } from '../../../../../web/kit/go.tsx';
import { useMay } from '../../../../../web/kit/me.ts';
import { t } from '../../../../../web/text/en.ts';
import { FIELD_WIDTH, fieldHeight } from '../editor/field.ts';
import { Shapes } from '../editor/sketch.tsx';
import type { CameraText } from '../site-text.ts';
import type { Camera } from '../site.ts';
import { Painted, useMaskedPicture } from '../wall/painted.tsx';
import { useMoment } from '../zone.ts';

const words = t.watch.suppressions;
const USUAL_DAYS = 30;
export type Learned = Answer<'listSuppressions'>['items'][number];
type Step = 'approve' | 'decline' | 'end';

/** One suppression: what it hides and where, what it would have hidden, and what can be decided. */
export function Suppression({
  learned,
  camera,
  place,
}: {
  readonly learned: Learned;
  readonly camera: Camera | undefined;
  readonly place: CameraText | undefined;
}): ReactNode {
  const showMoment = useMoment();
  const [step, setStep] = useState<Step>();
  const may = useMay();
  const { condition, evidence, state, site } = learned;
  const isFlagged = state === 'approved' && learned.review !== null;
  const title = words.what(
    words.things[condition.class] ?? condition.class,
    condition.place,
    camera?.name ?? t.watch.camera.gone,
  );
  const steps: readonly Step[] =
    state === 'proposed' && may(['supervisor'], site)
      ? ['approve', 'decline']
      : state === 'approved' && may(['operator', 'supervisor'], site)
        ? ['end']
        : [];
  return (
    <li className={isFlagged ? 'ww-learned__one ww-learned__one--flagged' : 'ww-learned__one'}>
      <Where learned={learned} camera={camera} place={place} />
      <div>
        <h2>{title}</h2>
        {isFlagged && (
          <p>
            <strong>{words.flagged}</strong>{' '}
            <Go to={`/watch/incidents/${learned.review ?? ''}`}>{words.toIncident}</Go>
          </p>
        )}
        <p>
          <strong>{words.states[state]}</strong> · {conditionOf(learned)}
        </p>
        <p>{words.would(evidence.sentence)}</p>
        <p className="tw-quiet">
          {state !== 'proposed' && words.hidden(learned.hidden)}{' '}
          {state === 'approved' &&
            typeof learned.expiresAt === 'string' &&
            words.until(showMoment(learned.expiresAt))}{' '}
          {typeof learned.reason === 'string' && words.reasonWas(learned.reason)}
        </p>
        <div className="tw-row">
          {steps.map((one) => (
            <Button key={one} onClick={() => setStep(one)}>
              {words[one]}
            </Button>
          ))}
        </div>
      </div>
      {step !== undefined && <Decide id={learned.id} step={step} onClose={() => setStep(undefined)} />}
    </li>
  );
}

/** Hours and heights in words. */
function conditionOf({ condition: { minutes, heights } }: Learned): string {
  const clock = (minute: number): string =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  return [
    minutes === null ? words.always : words.times(clock(minutes.from), clock(minutes.to)),
    ...(heights === null ? [] : [words.heights(showPercent(heights.least), showPercent(heights.most))]),
  ].join(', ');
}

/** The zone or line and the part of it that is meant, on the picture where there is one. */
function Where({
  learned: { condition },
  camera,
  place,
}: {
  readonly learned: Learned;
  readonly camera: Camera | undefined;
  readonly place: CameraText | undefined;
}): ReactNode {
  const picture = useMaskedPicture(camera?.id);
  const height = fieldHeight(picture);
  const ofPlace = <Shape extends { readonly id: string }>(shapes: readonly Shape[] = []): Shape[] =>
    shapes.filter(({ id }) => id === condition.place);
  const { area } = condition;
  return (
    <div className="ww-canvasbox">
      {picture !== undefined && <Painted picture={picture} />}
      <svg
        className="ww-sketch"
        viewBox={`0 0 ${FIELD_WIDTH} ${height}`}
        role="img"
        aria-label={words.area(condition.place)}
      >
        {picture === undefined && <rect className="ww-ground" width={FIELD_WIDTH} height={height} />}
        <Shapes
          height={height}
          camera={{ zones: ofPlace(place?.zones), lines: ofPlace(place?.lines), privacy: [] }}
        />
        {area !== null && (
          <rect
            className="ww-drawn"
            x={area.x * FIELD_WIDTH}
            y={area.y * height}
            width={area.width * FIELD_WIDTH}
            height={area.height * height}
          />
        )}
      </svg>
    </div>
  );
}

function Decide({
  id,
  step,
  onClose,
}: {
  readonly id: string;
  readonly step: Step;
  readonly onClose: () => void;
}): ReactNode {
  const decide = useDo('decideSuppression', ['listSuppressions']);
  const end = useDo('endSuppression', ['listSuppressions']);
  const params = { id };
  return (
    <Dialog title={words[step]} onClose={onClose}>
      <Form
        send={words[step]}
        onSend={async ({ reason = '', days = '' }) => {
          if (step === 'end') await end.mutateAsync({ params, body: { reason } });
          else if (step === 'decline') await decide.mutateAsync({ params, body: { decision: step, reason } });
          else await decide.mutateAsync({ params, body: { decision: step, reason, days: Number(days) } });
          onClose();
        }}
      >
        <Area label={words.reason} name="reason" required minLength={3} maxLength={1000} rows={2} />
        {step === 'approve' && (
          <Field
            label={words.days}
            name="days"
            type="number"
            min={1}
            max={90}
            defaultValue={USUAL_DAYS}
            required
          />
        )}
      </Form>
    </Dialog>
  );
}
