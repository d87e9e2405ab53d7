import { useState, type ReactNode } from 'react';
import { useDo, type Answer } from '../../../../../web/kit/api.ts';
import { Dialog } from '../../../../../web/kit/dialog.tsx';
import { Button, Form } from '../../../../../web/kit/form.tsx';
import { t } from '../../../../../web/text/en.ts';
import { LoginFields, type Login } from './login-fields.tsx';
import type { Filled } from './stream-fields.tsx';

const words = t.watch.cameras;
type Found = Answer<'discoverCameras'>['items'][number];

/** Asks the network which cameras are there; one that is used is added with what it told. */
export function FindCameras({
  onUse,
  onClose,
}: {
  readonly onUse: (filled: Filled) => void;
  readonly onClose: () => void;
}): ReactNode {
  const find = useDo('discoverCameras');
  const [login, setLogin] = useState<Login>();
  const items = find.data?.items;
  return (
    <Dialog title={words.findTitle} onClose={onClose} wide>
      <p>{words.findLead}</p>
      <Form
        className="ww-wide"
        send={words.findSend}
        onSend={async ({ user = '', password = '' }) => {
          const credentials = user === '' ? undefined : { user, password };
          setLogin(credentials);
          await find.mutateAsync({ body: { credentials: credentials ?? null } });
        }}
      >
        <LoginFields />
      </Form>
      {items !== undefined && (
        <section aria-label={words.found} role="status">
          {items.length === 0 && <p>{words.foundNone}</p>}
          <ul className="tw-plain">
            {items.map((found) => (
              <li key={`${found.address} ${found.name}`} className="tw-line tw-row">
                <span>
                  <strong>{found.name}</strong> · {found.address}
                  <span className="tw-quiet tw-block">{toldBy(found)}</span>
                </span>
                <Button kind="unstyled" onClick={() => onUse(filledOf(found, login))}>
                  {words.use(found.name)}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  );
}

function toldBy({ streams, problem }: Found): string {
  if (problem !== null) return problem;
  if (streams.length === 0) return words.noStreams;
  return streams.map(({ profile, url }) => `${words.profile} ${profile}: ${url}`).join('; ');
}

/** A camera tells its largest stream first; the last is the one to look at. */
function filledOf({ name, address, streams }: Found, login: Login | undefined): Filled {
  const [first, last] = [streams[0], streams.at(-1)];
  return {
    name,
    source: { url: first?.url ?? `rtsp://${address}/` },
    ...(last === undefined || last === first ? {} : { detect: { url: last.url } }),
    ...(login === undefined ? {} : { login }),
  };
}
