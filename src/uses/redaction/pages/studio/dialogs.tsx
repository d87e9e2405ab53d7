import type { ReactNode } from 'react';
import { useDo } from '../../../../../web/kit/api.ts';
import { Dialog } from '../../../../../web/kit/dialog.tsx';
import { Area, Button, Check, Choice, Form } from '../../../../../web/kit/form.tsx';
import type { Region } from '../../plan.ts';
import type { Conflict } from '../../review/rebase.ts';
import { words } from '../words.ts';
import { merge, mergeable, openDoubts } from './actions.ts';
import type { Studio } from './use-studio.ts';

interface Asked {
  readonly studio: Studio;
  readonly onClose: () => void;
}

/** Asks which track the chosen one continues. */
export function MergeDialog({ studio, region, onClose }: Asked & { readonly region: Region }): ReactNode {
  const others = mergeable(studio, region);
  return (
    <Dialog title={words.merge.title(region.id)} onClose={onClose}>
      {others.length === 0 ? (
        <p>{words.merge.none}</p>
      ) : (
        <Form
          send={words.merge.send}
          onSend={({ other: id = '' }) => {
            const other = others.find((one) => one.id === id);
            if (other !== undefined) merge(studio, region, other);
            onClose();
            return Promise.resolve();
          }}
        >
          <p>{words.merge.lead}</p>
          <Choice
            label={words.merge.other}
            name="other"
            autoFocus
            options={others.map(({ id }) => [id, id])}
          />
        </Form>
      )}
    </Dialog>
  );
}

/** Ends editing. */
export function SubmitDialog({ studio, onClose }: Asked): ReactNode {
  const { session, now } = studio;
  const submit = useDo('submitReview', ['getReview', 'listReviews', 'listFindings']);
  const render = useDo('renderRelease', ['listReviewReleases', 'getReview']);
  const mayRender = !now.review.secondPerson;
  const none = now.state.releases.size === 0;
  return (
    <Dialog title={words.submit.title} onClose={onClose}>
      <Form
        send={mayRender ? words.submit.sendAll : words.submit.button}
        onSend={async ({ render: wanted }) => {
          if (none)
            session.do({
              op: 'release',
              release: 'public',
              title: words.releases.kinds['public'] ?? 'Public',
              choices: [],
            });
          await session.flush();
          const { revision, review } = session.now();
          const params = { id: review.id };
          session.took(await submit.mutateAsync({ params, body: { revision } }));
          if (mayRender && wanted !== undefined)
            for (const release of session.now().state.releases.keys())
              await render.mutateAsync({ params, body: { release, revision } });
          studio.set.message(words.said.submitted);
          studio.set.panel('releases');
          onClose();
        }}
      >
        <p>{words.submit.open(openDoubts(studio).length)}</p>
        <p>{now.review.secondPerson ? words.submit.second : words.submit.single}</p>
        {none && <p>{words.submit.release}</p>}
        {mayRender && <Check label={words.submit.render} name="render" defaultChecked />}
      </Form>
    </Dialog>
  );
}

/** The second person's decision, with its reason. */
export function ApproveDialog({ studio, onClose }: Asked): ReactNode {
  const { session, now } = studio;
  const params = { id: now.review.id };
  const approve = useDo('approveReview', ['getReview', 'listReviews', 'listFindings']);
  const giveBack = useDo('returnReview', ['getReview', 'listReviews', 'listFindings']);
  return (
    <Dialog title={words.approve.title} onClose={onClose}>
      <Form
        send={words.approve.send}
        onSend={async ({ reason = '', decision }) => {
          const returns = decision === 'return';
          session.took(
            returns
              ? await giveBack.mutateAsync({ params, body: { reason } })
              : await approve.mutateAsync({ params, body: { revision: now.revision, reason } }),
          );
          studio.set.message(returns ? words.said.returned : words.said.approved);
          onClose();
        }}
      >
        <Choice
          label={words.approve.button}
          name="decision"
          options={[
            ['approve', words.approve.approve],
            ['return', words.approve.back],
          ]}
        />
        <Area
          label={words.approve.reason}
          hint={words.approve.hint}
          name="reason"
          required
          minLength={3}
          maxLength={4000}
        />
      </Form>
    </Dialog>
  );
}

/** Names each edit that was lost to those of others. */
export function ConflictDialog({
  conflicts,
  onClose,
}: {
  readonly conflicts: readonly Conflict[];
  readonly onClose: () => void;
}): ReactNode {
  return (
    <Dialog title={words.conflict.title} onClose={onClose}>
      <p>{words.conflict.lead}</p>
      <ul>
        {conflicts.map(({ edit, with: other, what, says }) => {
          const mine = words.edits[edit.do.op];
          return (
            <li key={edit.id}>
              {other === undefined ? words.conflict.refused(mine, says) : words.conflict.yours(mine, what)}
            </li>
          );
        })}
      </ul>
      <Button kind="plain" onClick={onClose}>
        {words.conflict.send}
      </Button>
    </Dialog>
  );
}
