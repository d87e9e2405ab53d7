import type { ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, keyOf } from '../../../../../web/kit/api.ts';
import { Dialog } from '../../../../../web/kit/dialog.tsx';
import { Choice, Field, Form } from '../../../../../web/kit/form.tsx';
import { Waiting } from '../../../../../web/kit/problem.tsx';
import { t } from '../../../../../web/text/en.ts';
import { addPlace, firstFile } from '../editor/edit-site.ts';
import { readSiteText } from '../site-text.ts';
import { useCameras, useDeskSite, useSiteFile } from '../site.ts';
import { StreamFields, streamsOf, type Filled } from './stream-fields.tsx';

const words = t.watch.cameras;

/** Adds a camera by the address of its stream; its place in the site file is made with it. */
export function AddCamera({
  site,
  place,
  filled,
  onAdded,
  onClose,
}: {
  readonly site: string;
  /** In the site file, where somebody came from there. */
  readonly place?: string;
  readonly filled: Filled;
  readonly onAdded: (camera: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const queries = useQueryClient();
  const { sites } = useDeskSite();
  const file = useSiteFile(site);
  const cameras = useCameras(site);
  const desk = sites.find(({ id }) => id === site);
  if (desk === undefined || (desk.version !== null && file.data === undefined))
    return (
      <Dialog key="waiting" title={words.add} onClose={onClose}>
        <Waiting query={file} />
      </Dialog>
    );
  const places = readSiteText(file.data?.text ?? '').cameras.map(({ id }) => id);
  const free = places.filter((id) => ![...cameras.values()].some(({ slot }) => slot === id));
  /** @returns the place, written into the site file where it is a new one. */
  const placeFor = async (chosen: string, name: string): Promise<string> => {
    if (chosen !== '') return chosen;
    const slot = freeName(name, places);
    const before = file.data;
    const body = { text: before === undefined ? firstFile(desk, slot) : addPlace(before.text, slot) };
    const put = { params: { site }, body };
    await api.call('putWatchSite', before === undefined ? put : { ...put, ifMatch: `"${before.version}"` });
    await Promise.all(
      (['getWatchSite', 'listWatchSites'] as const).map((id) =>
        queries.invalidateQueries({ queryKey: keyOf(id) }),
      ),
    );
    return slot;
  };
  return (
    // Another dialog than the one that waited: it puts the focus into its first field.
    <Dialog key="form" title={words.add} onClose={onClose} wide>
      <Form
        className="ww-wide"
        send={words.add}
        onSend={async (values) => {
          const { name = '', place: chosen = '' } = values;
          const slot = await placeFor(chosen, name);
          const { body } = await api.call('addCamera', { body: { site, slot, name, ...streamsOf(values) } });
          await queries.invalidateQueries({ queryKey: keyOf('listCameras') });
          onAdded(body.id);
        }}
      >
        <div className="ww-pair">
          <Field
            label={words.name}
            hint={words.nameHint}
            name="name"
            required
            maxLength={100}
            defaultValue={filled.name}
          />
          {free.length > 0 && (
            <Choice
              label={words.place}
              hint={words.placeHint}
              name="place"
              defaultValue={place !== undefined && free.includes(place) ? place : ''}
              options={[['', words.newPlace], ...free.map((id) => [id, id] as const)]}
            />
          )}
        </div>
        <StreamFields filled={filled} stored={false} />
      </Form>
    </Dialog>
  );
}

/** A name for the site file that none of the others has: `North gate` is `north-gate`. */
function freeName(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 50);
  const base = plain === '' ? 'camera' : plain;
  const names = [base, ...taken.map((_, at) => `${base}-${at + 2}`)];
  return names.find((one) => !taken.includes(one)) ?? base;
}
