import { useState, type ReactNode } from 'react';
import type { BuiltInCharter } from '../../../../src/client/index.ts';
import { useApi, useDo } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { Button, Choice, Form } from '../../../kit/form.tsx';
import { useGo } from '../../../kit/go.tsx';
import { useKeys } from '../../../kit/keys.tsx';
import { useMay, type Role } from '../../../kit/me.ts';
import { Facts } from '../../../kit/page.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { t } from '../../../text/en.ts';
import { titleOf } from '../../uses.ts';

const words = t.oversight.register;
const registrars: readonly Role[] = ['supervisor', 'ai-governance', 'admin'];

/** Puts a use that came with the software before the offices. n opens it. */
export function RegisterButton(): ReactNode {
  const may = useMay()(registrars);
  const [open, setOpen] = useState(false);
  useKeys(may ? [{ key: 'n', does: words.open, run: () => setOpen(true) }] : []);
  if (!may) return null;
  return (
    <>
      <p>
        <Button kind="plain" onClick={() => setOpen(true)}>
          {words.open} <kbd>n</kbd>
        </Button>
      </p>
      {open && (
        <Dialog title={words.title} wide onClose={() => setOpen(false)}>
          <Register onClose={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  );
}

function Register({ onClose }: { readonly onClose: () => void }): ReactNode {
  const go = useGo();
  const offers = useApi('listBuiltInCharters', {});
  const register = useDo('registerUse', [
    ...(['listRegistrations', 'listUsesToReview', 'getCalendar', 'listBuiltInCharters'] as const),
  ]);
  const [picked, setPicked] = useState<string>();
  const items = offers.data?.items ?? [];
  const [left, done] = [items.filter((one) => !one.registered), items.filter((one) => one.registered)];
  const chosen = left.find(({ charter }) => charter.use === picked) ?? left[0];
  return (
    <>
      <p>{words.lead}</p>
      <Waiting query={offers} empty={left.length === 0 && <p>{words.none}</p>} />
      {left.length > 0 && done.length > 0 && (
        <p>{words.done(done.map(({ charter }) => titleOf(charter.use)).join(', '))}</p>
      )}
      {chosen !== undefined && (
        <Form
          className="ov-wide"
          send={words.send}
          onSend={async () => {
            const { charter, purposes, models } = chosen;
            const { id } = await register.mutateAsync({ body: { charter, purposes, models } });
            onClose();
            go(`/oversight/uses/${id}`);
          }}
        >
          <Choice
            label={t.oversight.use}
            value={chosen.charter.use}
            onChange={(event) => setPicked(event.target.value)}
            options={left.map(({ charter: { use } }) => [use, titleOf(use)] as const)}
          />
          <InShort offer={chosen} />
        </Form>
      )}
    </>
  );
}

/** What somebody stands for who puts it forward; all of it is on the page of the use afterwards. */
function InShort({ offer }: { readonly offer: BuiltInCharter }): ReactNode {
  const { charter, purposes, models, broken, open } = offer;
  return (
    <>
      <h3>{charter.title}</h3>
      <Facts
        facts={[
          [words.version, charter.revision],
          [t.oversight.one.purpose, charter.purpose],
          [
            t.oversight.reviews.impact,
            `${t.oversight.impacts[charter.impact.class] ?? ''}: ${charter.impact.reason}`,
          ],
          [t.oversight.one.decides, `${charter.decides.who}: ${charter.decides.what}`],
          [t.oversight.one.stage, charter.stage],
          [words.purposes, purposes.join(', ')],
          [
            words.models,
            <ul key="models" className="ov-list">
              {models.map(({ id, digest }) => (
                <li key={id}>
                  {id} <code className="tw-hash">{digest}</code>
                </li>
              ))}
            </ul>,
          ],
          [
            words.lacks,
            open.length === 0 ? (
              words.complete
            ) : (
              <details key="lacks">
                <summary>{words.lacking(open.length)}</summary>
                <ul className="ov-list">
                  {open.map(({ policy, provision, title, missing }) => (
                    <li key={`${policy}/${provision}`}>
                      {title}: {missing.join('; ')}
                    </li>
                  ))}
                </ul>
              </details>
            ),
          ],
        ]}
      />
      {broken.length > 0 && (
        <div className="ov-warning">
          {words.broken}: {broken.join('; ')}
        </div>
      )}
      {open.length > 0 && <p className="ov-warning">{words.evaluation}</p>}
    </>
  );
}
