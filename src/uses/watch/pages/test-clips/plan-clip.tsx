import { useState, type ReactNode } from 'react';
import { useDo } from '../../../../../web/kit/api.ts';
import { Dialog } from '../../../../../web/kit/dialog.tsx';
import { Area, Choice, Field, Form } from '../../../../../web/kit/form.tsx';
import { useList } from '../../../../../web/kit/list.tsx';
import { t } from '../../../../../web/text/en.ts';
import { readSiteText } from '../site-text.ts';
import { useSiteFile, type Camera } from '../site.ts';

const words = t.watch.testClips;
const USUAL_SECONDS = 10;
const USUAL_HOURS = 24;

/** Plans a clip: which film at which camera, what must become of it, and when. */
export function PlanClip({
  site,
  cameras,
  onClose,
}: {
  readonly site: string;
  readonly cameras: ReadonlyMap<string, Camera>;
  readonly onClose: () => void;
}): ReactNode {
  const file = useSiteFile(site);
  const cases = useList('listCases', { query: { site } });
  const [chosen, setChosen] = useState({ camera: '', case: '', when: 'once' });
  const plan = useDo('planInjection', ['listInjectionPlans']);
  const camera = cameras.get(chosen.camera) ?? [...cameras.values()][0];
  const slots = file.data === undefined ? [] : readSiteText(file.data.text).cameras;
  const rules = slots.find(({ id }) => id === camera?.slot)?.rules ?? [];
  const from = cases.items.find(({ id }) => id === chosen.case)?.id ?? cases.items[0]?.id;
  return (
    <Dialog title={words.add} onClose={onClose} wide>
      <Form
        className="ww-wide"
        send={words.send}
        onSend={async ({
          clip = '',
          rule = '',
          within = '',
          every = '',
          first = '',
          last = '',
          reason = '',
        }) => {
          const hours =
            first === '' || last === '' ? {} : { hours: { from: Number(first), to: Number(last) } };
          const repeat = chosen.when === 'once' ? {} : { repeat: { everyHours: Number(every), ...hours } };
          const expect = { rule, withinSeconds: Number(within) };
          const body = { camera: camera?.id ?? '', clip, expect, reason, ...repeat };
          await plan.mutateAsync({ params: { site }, body });
          onClose();
        }}
      >
        <div className="ww-pair">
          <Choice
            label={words.camera}
            value={camera?.id}
            onChange={({ currentTarget: { value } }) => setChosen({ ...chosen, camera: value })}
            options={[...cameras.values()].map(({ id, name }) => [id, name] as const)}
          />
          <Choice label={words.rule} name="rule" options={rules.map(({ id }) => [id, id] as const)} />
          <Field
            label={words.within}
            name="within"
            type="number"
            min={1}
            max={600}
            defaultValue={USUAL_SECONDS}
            required
          />
        </div>
        {from === undefined ? (
          <p>{words.noCases}</p>
        ) : (
          <div className="ww-pair">
            <Choice
              label={words.clipCase}
              value={from}
              onChange={({ currentTarget: { value } }) => setChosen({ ...chosen, case: value })}
              options={cases.items.map(({ id, title }) => [id, title] as const)}
            />
            <Films caseId={from} />
          </div>
        )}
        <div className="ww-pair">
          <Choice
            label={words.when}
            value={chosen.when}
            onChange={({ currentTarget: { value } }) => setChosen({ ...chosen, when: value })}
            options={[
              ['once', words.onceNow],
              ['repeat', words.repeat],
            ]}
          />
          {chosen.when === 'repeat' && (
            <>
              <Field
                label={words.every}
                name="every"
                type="number"
                min={1}
                max={8760}
                defaultValue={USUAL_HOURS}
                required
              />
              <Field
                label={words.fromHour}
                hint={words.hourHint}
                name="first"
                type="number"
                min={0}
                max={23}
              />
              <Field label={words.toHour} name="last" type="number" min={0} max={23} />
            </>
          )}
        </div>
        <Area label={words.reason} name="reason" required minLength={3} maxLength={1000} rows={2} />
      </Form>
    </Dialog>
  );
}

function Films({ caseId }: { readonly caseId: string }): ReactNode {
  const assets = useList('listAssets', { params: { id: caseId }, query: { role: 'original' } });
  const films = assets.items.filter(({ mediaType }) => mediaType.startsWith('video/'));
  if (films.length === 0) return assets.isPending ? null : <p>{words.noFilms}</p>;
  return <Choice label={words.clip} name="clip" options={films.map(({ id, name }) => [id, name] as const)} />;
}
