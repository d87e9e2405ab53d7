import { useState, type ReactNode } from 'react';
import type { Asset } from '../../../src/client/index.ts';
import { ActivityList } from '../../kit/activity.tsx';
import { contentAddress, useApi, useDo } from '../../kit/api.ts';
import { AssetTable, kindOf } from '../../kit/assets.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { showBytes, showMoment } from '../../kit/format.ts';
import { Area, Button, Form } from '../../kit/form.tsx';
import { Go, useIdOfPage } from '../../kit/go.tsx';
import { useMay, workers } from '../../kit/me.ts';
import { Facts, Page, Section } from '../../kit/page.tsx';
import { Waiting } from '../../kit/problem.tsx';
import { Viewer } from '../../kit/viewer.tsx';
import { t } from '../../text/en.ts';
import { uses } from '../uses.ts';

/** One asset: to be looked at, with where it came from and who saw it. */
export function AssetPage(): ReactNode {
  const id = useIdOfPage();
  const found = useApi('getAsset', { params: { id } });
  if (found.data === undefined)
    return (
      <Page title={t.library.one} above={[['/library', t.library.title]]}>
        <Waiting query={found} />
      </Page>
    );
  return <Shown asset={found.data} />;
}

function Shown({ asset }: { readonly asset: Asset }): ReactNode {
  const one = useApi('getCase', { params: { id: asset.case } });
  const made = useApi('listLibrary', { query: { from: asset.id, limit: 200 } });
  const activity = useApi('listAssetActivity', { params: { id: asset.id } }, { everyMs: 5000 });
  const classes = useApi('listRetentionClasses', {});
  const kept =
    classes.data?.items.find(({ name }) => name === asset.retention)?.description ?? asset.retention;
  const [dialog, setDialog] = useState<'hold' | 'erase'>();
  const may = useMay();
  const mayKeep = may(['supervisor', 'privacy', 'admin'], asset.site) && asset.erasedAt === null;
  const mayRead = may([...workers, 'privacy'], asset.site);
  const source = asset.derivedFrom;
  return (
    <Page
      title={asset.name}
      above={[['/library', t.library.title]]}
      actions={
        <>
          {mayRead && asset.erasedAt === null && (
            <a className="usa-button usa-button--outline" href={contentAddress(asset.id)} download>
              {t.library.download}
            </a>
          )}
          {mayKeep && (
            <>
              <Button onClick={() => setDialog('hold')}>
                {asset.legalHold ? t.library.unhold : t.library.hold}
              </Button>
              <Button kind="secondary" onClick={() => setDialog('erase')}>
                {t.library.erase}
              </Button>
            </>
          )}
        </>
      }
    >
      <div className="tw-split">
        <div>
          {mayRead ? (
            <Viewer asset={asset} />
          ) : (
            <p className="tw-stage tw-stage--empty">{t.viewer.notYours}</p>
          )}
        </div>
        <div>
          <Facts
            facts={[
              [
                t.library.inCase,
                <Go key="case" to={`/cases/${asset.case}`}>
                  {one.data?.title ?? asset.case}
                </Go>,
              ],
              [t.library.role, t.library.roles[asset.role]],
              [
                t.library.kind,
                `${kindOf(asset)} (${asset.mediaType})${asset.nameMismatch ? `; ${t.library.misnamed}` : ''}`,
              ],
              [t.library.size, showBytes(asset.bytes)],
              [t.library.received, showMoment(asset.createdAt)],
              [t.library.retention, asset.legalHold ? `${kept} (${t.library.held})` : kept],
              [
                t.library.hash,
                <code key="hash" className="tw-hash">
                  {asset.sha256}
                </code>,
              ],
              ...(source === null
                ? []
                : [
                    [
                      t.library.madeFrom,
                      <Go key="source" to={`/library/${source}`}>
                        {t.library.source}
                      </Go>,
                    ] as const,
                  ]),
              ...(asset.erasedAt === null ? [] : [[t.library.erased, showMoment(asset.erasedAt)] as const]),
            ]}
          />
          {uses.map(
            ({ use, AssetActions }) => AssetActions !== undefined && <AssetActions key={use} asset={asset} />,
          )}
        </div>
      </div>
      {(made.data?.items.length ?? 0) > 0 && (
        <Section title={t.library.made}>
          <AssetTable assets={made.data?.items ?? []} caption={t.library.made} />
        </Section>
      )}
      <Section title={t.library.whoSaw}>
        <ActivityList items={activity.data?.items ?? []} />
      </Section>
      {dialog !== undefined && <Keep asset={asset} what={dialog} onClose={() => setDialog(undefined)} />}
    </Page>
  );
}

/** Holding, lifting a hold and erasing ask for the reason, which stays on record. */
function Keep({
  asset: { id, legalHold },
  what,
  onClose,
}: {
  readonly asset: Asset;
  readonly what: 'hold' | 'erase';
  readonly onClose: () => void;
}): ReactNode {
  const hold = useDo('holdAsset', ['getAsset', 'listAssetActivity']);
  const erase = useDo('eraseAsset', ['getAsset', 'listAssetActivity', 'listLibrary', 'listAssets']);
  const title = what === 'erase' ? t.library.erase : legalHold ? t.library.unhold : t.library.hold;
  return (
    <Dialog title={title} onClose={onClose}>
      {what === 'erase' && <p>{t.library.eraseLead}</p>}
      <Form
        send={title}
        onSend={async ({ reason = '' }) => {
          if (what === 'erase') await erase.mutateAsync({ params: { id }, query: { reason } });
          else await hold.mutateAsync({ params: { id }, body: { hold: !legalHold, reason } });
          onClose();
        }}
      >
        <Area label={t.findings.reason} name="reason" required minLength={3} maxLength={2000} />
      </Form>
    </Dialog>
  );
}
