import { useState, type ReactNode } from 'react';
import { useDo } from '../../../../../web/kit/api.ts';
import { Dialog } from '../../../../../web/kit/dialog.tsx';
import { Button, Field, Form } from '../../../../../web/kit/form.tsx';
import { Facts, Section } from '../../../../../web/kit/page.tsx';
import { Problem } from '../../../../../web/kit/problem.tsx';
import { t } from '../../../../../web/text/en.ts';
import { cameraState } from '../signs.tsx';
import type { Camera } from '../site.ts';
import { useMoment } from '../zone.ts';
import { StreamFields, streamsOf } from './stream-fields.tsx';

const words = t.watch.cameras;

/** One camera: test it, change it, switch it, remove it. */
export function CameraDetails({
  camera,
  onTest,
  onRemoved,
}: {
  readonly camera: Camera;
  readonly onTest: () => void;
  readonly onRemoved: () => void;
}): ReactNode {
  const showMoment = useMoment();
  const params = { id: camera.id };
  const ifMatch = `"${camera.version}"`;
  const change = useDo('changeCamera', ['listCameras', 'getCamera']);
  const remove = useDo('removeCamera', ['listCameras']);
  const [open, setOpen] = useState<'change' | 'remove'>();
  const [said, setSaid] = useState('');
  const { enabled, source, detect } = camera;
  return (
    <Section
      title={camera.name}
      actions={
        <>
          <Button onClick={onTest}>{words.test}</Button>
          <Button onClick={() => setOpen('change')}>{words.change}</Button>
          <Button
            onClick={() =>
              change.mutate(
                { params, ifMatch, body: { enabled: !enabled } },
                { onSuccess: () => setSaid(words.changed) },
              )
            }
          >
            {enabled ? words.switchOff : words.switchOn}
          </Button>
          <Button onClick={() => setOpen('remove')}>{words.remove}</Button>
        </>
      }
    >
      <Problem error={change.error} />
      <p role="status">{said}</p>
      <Facts
        facts={[
          [words.state, stateOf(camera)],
          [words.since, showMoment(camera.since)],
          [words.address, source.url],
          [words.detectColumn, detect?.url ?? words.sameStream],
          [words.login, camera.hasCredentials ? words.stored : words.noLogin],
          [words.place, camera.slot],
        ]}
      />
      {open === 'change' && (
        <Dialog title={`${words.change}: ${camera.name}`} onClose={() => setOpen(undefined)} wide>
          <Form
            className="ww-wide"
            send={words.change}
            onSend={async (values) => {
              const body = { name: values['name'] ?? '', ...streamsOf(values) };
              await change.mutateAsync({ params, ifMatch, body });
              setOpen(undefined);
              onTest();
            }}
          >
            <Field label={words.name} name="name" required maxLength={100} defaultValue={camera.name} />
            <StreamFields filled={camera} stored={camera.hasCredentials} />
          </Form>
        </Dialog>
      )}
      {open === 'remove' && (
        <Dialog title={`${words.remove}: ${camera.name}`} onClose={() => setOpen(undefined)}>
          <Form
            send={words.remove}
            onSend={async ({ reason = '' }) => {
              await remove.mutateAsync({ params, body: { reason } });
              onRemoved();
            }}
          >
            <p>{words.removeLead}</p>
            <Field label={words.reason} name="reason" required maxLength={500} />
          </Form>
        </Dialog>
      )}
    </Section>
  );
}

/** How a camera does, and why its service does not run where that is so. */
export function stateOf(camera: Camera): string {
  if (!camera.enabled) return words.off;
  if (camera.state !== 'off') return cameraState(camera);
  return camera.problem?.message ?? words.starting;
}
