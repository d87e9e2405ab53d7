import { useState, type ReactNode } from 'react';
import { useApi } from '../../kit/api.ts';
import { AssetTable } from '../../kit/assets.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { Button, Check, Choice, Field } from '../../kit/form.tsx';
import { Go, useFilters } from '../../kit/go.tsx';
import { More, useList } from '../../kit/list.tsx';
import { useKeys } from '../../kit/keys.tsx';
import { useMay, workers } from '../../kit/me.ts';
import { Page } from '../../kit/page.tsx';
import { Waiting } from '../../kit/problem.tsx';
import { Uploader } from '../../kit/uploader.tsx';
import { t } from '../../text/en.ts';

const kinds = ['image', 'video', 'audio'] as const;
const roles = ['original', 'output', 'record'] as const;

/** Everything that came in and was made, over all cases. */
export function LibraryPage(): ReactNode {
  const [filters, change] = useFilters();
  const [uploading, setUploading] = useState(false);
  const [thumbnails, setThumbnails] = useState(false);
  const { name = '', type = '', role = '' } = filters;
  const kind = kinds.find((one) => one === type);
  const part = roles.find((one) => one === role);
  const assets = useList('listLibrary', {
    query: {
      ...(name === '' ? {} : { name }),
      ...(kind === undefined ? {} : { type: kind }),
      ...(part === undefined ? {} : { role: part }),
    },
  });
  const cases = useApi('listCases', { query: { state: 'open', limit: 200 } });
  const may = useMay();
  const open = (cases.data?.items ?? []).filter(({ site }) => may(workers, site));
  useKeys(open.length > 0 ? [{ key: 'u', does: t.library.upload, run: () => setUploading(true) }] : []);
  const found = assets.items;
  return (
    <Page
      title={t.library.title}
      actions={
        open.length > 0 && (
          <Button kind="plain" onClick={() => setUploading(true)}>
            {t.library.upload}
          </Button>
        )
      }
    >
      <div className="tw-filters" data-filter>
        <Field
          label={t.library.words}
          type="search"
          value={name}
          onChange={({ currentTarget: { value } }) => change({ name: value })}
        />
        <Choice
          label={t.library.kind}
          value={type}
          onChange={({ currentTarget: { value } }) => change({ type: value })}
          options={[['', t.cases.all], ...kinds.map((one) => [one, t.library.kinds[one] ?? one] as const)]}
        />
        <Choice
          label={t.library.role}
          value={role}
          onChange={({ currentTarget: { value } }) => change({ role: value })}
          options={[['', t.cases.all], ...roles.map((one) => [one, t.library.roles[one]] as const)]}
        />
        <Check
          label={t.library.thumbnails}
          checked={thumbnails}
          onChange={() => setThumbnails(!thumbnails)}
        />
      </div>
      <Waiting
        query={assets}
        empty={
          found.length === 0 && (
            <p>
              {t.library.none} {open.length === 0 && <Go to="/cases">{t.library.needsCase}</Go>}
            </p>
          )
        }
      />
      {found.length > 0 && <AssetTable assets={found} caption={t.library.title} thumbnails={thumbnails} />}
      <More list={assets} />
      {uploading && <Upload cases={open} onClose={() => setUploading(false)} />}
    </Page>
  );
}

function Upload({
  cases,
  onClose,
}: {
  readonly cases: readonly { readonly id: string; readonly title: string }[];
  readonly onClose: () => void;
}): ReactNode {
  const [caseId, setCaseId] = useState(cases[0]?.id ?? '');
  return (
    <Dialog title={t.library.upload} onClose={onClose} wide>
      <Choice
        label={t.library.intoCase}
        value={caseId}
        onChange={({ currentTarget: { value } }) => setCaseId(value)}
        options={cases.map(({ id, title }) => [id, title])}
      />
      <Uploader key={caseId} caseId={caseId} />
    </Dialog>
  );
}
