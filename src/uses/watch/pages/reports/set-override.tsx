import { useState, type ReactNode } from 'react';
import { useDo } from '../../../../../web/kit/api.ts';
import { Choice, Field, Form } from '../../../../../web/kit/form.tsx';
import { t } from '../../../../../web/text/en.ts';
import type { SiteText } from '../site-text.ts';
import type { Camera } from '../site.ts';

const words = t.watch.arming;
const HOUR_MS = 3_600_000;
const hours = Object.entries(words.hourOptions).sort(([a], [b]) => Number(a) - Number(b));

/** Arms or disarms by hand, with a reason and an end. */
export function SetOverride({
  site,
  cameras,
  file,
}: {
  readonly site: string;
  readonly cameras: ReadonlyMap<string, Camera>;
  readonly file: SiteText;
}): ReactNode {
  const [state, setState] = useState<'armed' | 'disarmed'>('disarmed');
  const [camera, setCamera] = useState('');
  const set = useDo('setOverride', ['listOverrides']);
  const slot = file.cameras.find(({ id }) => id === cameras.get(camera)?.slot);
  const zones = [...(slot?.zones ?? []), ...(slot?.lines ?? [])].map(({ id }) => id);
  return (
    <Form
      className="tw-form--row"
      send={words.send}
      onSend={async ({ reason = '', zone = '', hours: length = '1' }) => {
        const until = new Date(Date.now() + Number(length) * HOUR_MS).toISOString();
        await set.mutateAsync({
          params: { site },
          body: {
            ...{ state, reason, until },
            ...(camera === '' ? {} : { camera }),
            ...(zone === '' ? {} : { zone }),
          },
        });
      }}
    >
      <Choice
        label={words.what}
        value={state}
        onChange={({ currentTarget: { value } }) => setState(value === 'armed' ? 'armed' : 'disarmed')}
        options={Object.entries(words.states)}
      />
      <Choice
        label={words.camera}
        value={camera}
        onChange={({ currentTarget: { value } }) => setCamera(value)}
        options={[['', words.whole], ...[...cameras.values()].map(({ id, name }) => [id, name] as const)]}
      />
      {state === 'disarmed' && zones.length > 0 && (
        <Choice
          label={words.zone}
          name="zone"
          options={[['', words.wholeCamera], ...zones.map((id) => [id, id] as const)]}
        />
      )}
      <Choice label={words.hours} name="hours" options={hours} />
      <Field label={words.reason} name="reason" required minLength={3} maxLength={500} />
    </Form>
  );
}
