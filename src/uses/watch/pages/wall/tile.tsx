import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useApi, type Answer } from '../../../../../web/kit/api.ts';
import { showDuration, showPart } from '../../../../../web/kit/format.ts';
import { Button } from '../../../../../web/kit/form.tsx';
import { Go } from '../../../../../web/kit/go.tsx';
import { useMay } from '../../../../../web/kit/me.ts';
import { t } from '../../../../../web/text/en.ts';
import { AskReason, unmasked } from '../incident/reveal.tsx';
import { cameraState, SeveritySign } from '../signs.tsx';
import { hasRoute, type Camera, type Incident } from '../site.ts';
import { useMoment } from '../zone.ts';
import { LiveView } from './live-view.tsx';
import { Painted } from './painted.tsx';
import type { TimedPicture } from './use-pictures.ts';

const words = t.watch.wall;
const hasLive = hasRoute('/watch/cameras/{id}/live');
const HOUR_MS = 3_600_000;
const OFTEN_MS = 60_000;

/** One camera of the wall: its picture and how old that is, whether it sees, whether something waits there. */
export function Tile({
  camera,
  index,
  columns,
  incidents,
  override,
  picture,
  withPictures,
  now,
}: {
  readonly camera: Camera;
  readonly index: number;
  readonly columns: number;
  readonly incidents: readonly Incident[];
  readonly override: Answer<'listOverrides'>['items'][number] | undefined;
  readonly picture: TimedPicture | undefined;
  readonly withPictures: boolean;
  readonly now: number;
}): ReactNode {
  const showMoment = useMoment();
  const [first] = incidents;
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState<string>();
  const may = useMay()(unmasked, camera.site) && hasLive;
  const minute = Math.floor(now / OFTEN_MS) * OFTEN_MS;
  const period = useMemo(
    () => ({ from: new Date(minute - HOUR_MS).toISOString(), to: new Date(minute).toISOString() }),
    [minute],
  );
  const { data } = useApi('getCoverage', { params: { id: camera.id }, query: period }, { everyMs: OFTEN_MS });
  const seeing = data?.hours.reduce((sum, hour) => sum + hour.seeing, 0);
  const armed =
    override === undefined ? words.byCalendar : override.state === 'armed' ? words.armed : words.disarmed;
  const alarm = first === undefined ? '' : `, ${words.alert(t.watch.severity[first.severity])}`;
  return (
    <li
      className={`ww-tile ww-tile--${camera.state} ${first === undefined ? '' : `ww-tile--${first.severity}`}`}
      tabIndex={0}
      data-tile={index}
      onKeyDown={(event) => move(event, index, columns)}
      aria-label={words.tile(camera.name, cameraState(camera), alarm)}
    >
      <div className="ww-tile__head">
        <strong>{camera.name}</strong>
        <span className="ww-tile__state">{cameraState(camera)}</span>
      </div>
      <div className="ww-tile__picture">
        {reason !== undefined ? (
          <LiveView camera={camera.id} name={camera.name} reason={reason} />
        ) : picture === undefined ? (
          <span>{withPictures ? words.noPicture : t.watch.camera.since(showMoment(camera.since))}</span>
        ) : (
          <Painted picture={picture.picture} />
        )}
        {first !== undefined && (
          <p className="ww-tile__alarm">
            <SeveritySign severity={first.severity} />{' '}
            <Go to={`/watch/incidents/${first.id}`}>{t.watch.plan.waiting(incidents.length)}</Go>
          </p>
        )}
      </div>
      <div className="ww-tile__foot">
        <span>{armed}</span>
        {picture !== undefined && reason === undefined && (
          <span>{words.age(showDuration(Math.max(0, Math.round((now - picture.at) / 1000))))}</span>
        )}
        {seeing !== undefined && <span>{words.covered(showPart(Math.min(1, seeing / 3600)))}</span>}
        {may && (
          <Button
            kind="unstyled"
            onClick={() => (reason === undefined ? setAsking(true) : setReason(undefined))}
          >
            {reason === undefined ? words.live : words.stop}
          </Button>
        )}
      </div>
      {asking && (
        <AskReason
          onClose={() => setAsking(false)}
          onGiven={async (given) => {
            setReason(given);
            setAsking(false);
            return Promise.resolve();
          }}
        />
      )}
    </li>
  );
}

/** Arrow keys go from tile to tile. */
function move(event: KeyboardEvent, index: number, columns: number): void {
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
  const next = by === undefined ? null : document.querySelector<HTMLElement>(`[data-tile="${index + by}"]`);
  if (next === null) return;
  event.preventDefault();
  next.focus();
}
