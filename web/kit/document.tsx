import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Asset } from '../../src/client/index.ts';
import { t } from '../text/en.ts';
import { contentAddress } from './api.ts';
import { Button } from './form.tsx';
import { Waiting } from './problem.tsx';

/** Longer texts are for other programs. */
const MOST_CHARACTERS = 200_000;

/** Whether {@link RecordDocument} shows it: what was made here, and is text or pages. Files from elsewhere are downloads. */
export function isRecordDocument({ role, mediaType }: Pick<Asset, 'role' | 'mediaType'>): boolean {
  return role === 'record' && /^(application\/(pdf|json|jsonl)|text\/csv)$/.test(mediaType);
}

/** A record that was made here: text as it is, pages in a window of their own. */
export function RecordDocument({ asset }: { readonly asset: Asset }): ReactNode {
  return asset.mediaType === 'application/pdf' ? <Pages asset={asset} /> : <Text asset={asset} />;
}

/** Our files are served as downloads that nothing runs from, so the pages are fetched and given to the browser's own reader. */
function Pages({ asset: { id, name } }: { readonly asset: Asset }): ReactNode {
  const open = async (): Promise<void> => {
    const bytes = await (await fetch(contentAddress(id))).arrayBuffer();
    const address = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
    window.open(address, '_blank');
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };
  return (
    <div className="tw-stage tw-stage--empty">
      <p>{t.viewer.pdf(name)}</p>
      <Button kind="plain" onClick={() => void open()}>
        {t.viewer.open}
      </Button>
    </div>
  );
}

function Text({ asset: { id, name, mediaType } }: { readonly asset: Asset }): ReactNode {
  const text = useText(id);
  if (text.data === undefined) return <Waiting query={text} />;
  const shown = mediaType === 'application/json' ? indented(text.data) : text.data;
  return (
    <>
      <pre className="tw-document" tabIndex={0} role="region" aria-label={t.viewer.text(name)}>
        {shown.slice(0, MOST_CHARACTERS)}
      </pre>
      {shown.length > MOST_CHARACTERS && <p className="tw-quiet">{t.viewer.tooLong}</p>}
    </>
  );
}

/** The text of a record, which never changes. */
export function useText(id: string | undefined) {
  return useQuery({
    queryKey: ['text', id],
    queryFn: async ({ signal }) => {
      const response = await fetch(contentAddress(id ?? ''), { signal });
      if (!response.ok) throw new TypeError(response.statusText);
      return response.text();
    },
    enabled: id !== undefined,
    staleTime: Infinity,
  });
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
