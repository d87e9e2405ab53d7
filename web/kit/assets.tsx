import type { ReactNode } from 'react';
import type { Asset } from '../../src/client/index.ts';
import { t } from '../text/en.ts';
import { contentAddress, proxyAddress, useApi } from './api.ts';
import { showBytes, showMoment } from './format.ts';
import { Go } from './go.tsx';
import { Table } from './table.tsx';

/** The kind of a file in a word. */
export function kindOf({ mediaType }: Pick<Asset, 'mediaType'>): string {
  const [kind = ''] = mediaType.split('/');
  return t.library.kinds[kind] ?? t.library.kinds['other'] ?? mediaType;
}

/** Assets with what they are and where they came from. */
export function AssetTable({
  assets,
  caption,
  thumbnails = false,
  numbered = false,
}: {
  readonly assets: readonly Asset[];
  readonly caption: string;
  /** Shows them; that they were seen is recorded. */
  readonly thumbnails?: boolean;
  /** Shows the numbers of exhibits, which count within a case. */
  readonly numbered?: boolean;
}): ReactNode {
  return (
    <Table
      caption={caption}
      rows={assets}
      id={({ id }) => id}
      columns={[
        {
          title: t.library.name,
          by: ({ name }) => name.toLowerCase(),
          show: (asset) => {
            const { id, name, mediaType } = asset;
            return (
              <span className="tw-file">
                {thumbnails ? (
                  <Thumbnail asset={asset} />
                ) : (
                  <span className={`tw-icon tw-icon--${mediaType.split('/')[0]}`} aria-hidden="true" />
                )}
                <Go to={`/library/${id}`}>{name}</Go>
              </span>
            );
          },
        },
        ...(numbered
          ? [
              {
                title: t.library.exhibit,
                numeric: true,
                show: ({ exhibit }: Asset) => exhibit,
                by: ({ exhibit }: Asset) => exhibit ?? Infinity,
              },
            ]
          : []),
        { title: t.library.kind, show: (asset) => kindOf(asset), by: (asset) => kindOf(asset) },
        { title: t.library.role, show: ({ role }) => t.library.roles[role], by: ({ role }) => role },
        {
          title: t.library.size,
          numeric: true,
          show: ({ bytes }) => showBytes(bytes),
          by: ({ bytes }) => bytes,
        },
        {
          title: t.library.received,
          show: ({ createdAt }) => showMoment(createdAt),
          by: ({ createdAt }) => createdAt,
        },
        { title: t.library.state, show: (asset) => stateOf(asset) },
        {
          title: t.library.download,
          show: ({ id, name, erasedAt, role }) =>
            erasedAt === null &&
            (role !== 'output' && role !== 'record' ? (
              <Go to={`/library/${id}`} className="tw-quiet">
                {t.library.onItsPage}
              </Go>
            ) : (
              <a
                className="usa-link"
                href={contentAddress(id)}
                download
                aria-label={t.library.downloadOf(name)}
              >
                {t.library.download}
              </a>
            )),
        },
      ]}
    />
  );
}

/** A small picture of a picture or film, as far as there is one. */
function Thumbnail({ asset: { id, mediaType, erasedAt } }: { readonly asset: Asset }): ReactNode {
  const visual = /^(image|video)\//.test(mediaType) && erasedAt === null;
  const proxy = useApi('getProxy', { params: { id } }, { enabled: visual });
  const made = proxy.data?.made.some(({ kind }) => kind === 'thumbnail') === true;
  return made ? (
    <img className="tw-thumbnail" src={proxyAddress(id, 'thumbnail')} alt="" loading="lazy" />
  ) : (
    <span className={`tw-icon tw-icon--${mediaType.split('/')[0]}`} aria-hidden="true" />
  );
}

function stateOf({ erasedAt, legalHold }: Asset): string {
  if (erasedAt !== null) return t.library.erased;
  return legalHold ? t.library.held : t.library.kept;
}
