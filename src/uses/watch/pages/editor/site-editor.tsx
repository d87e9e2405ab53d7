import { useState, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, keyOf } from '../../../../../web/kit/api.ts';
import { Area, Button, Choice, Field } from '../../../../../web/kit/form.tsx';
import { Go, useFilters } from '../../../../../web/kit/go.tsx';
import { useKeys } from '../../../../../web/kit/keys.tsx';
import { useMay } from '../../../../../web/kit/me.ts';
import { Section } from '../../../../../web/kit/page.tsx';
import { Problem } from '../../../../../web/kit/problem.tsx';
import { t } from '../../../../../web/text/en.ts';
import { readSiteText, type Point } from '../site-text.ts';
import { cameraState } from '../signs.tsx';
import { useCameras } from '../site.ts';
import { useMaskedPicture } from '../wall/painted.tsx';
import { BackTest } from './back-test.tsx';
import { Canvas } from './canvas.tsx';
import { putShape, remove, shapesOf, type Shape, type ShapeKind } from './edit-site.ts';
import { RuleList } from './rule-list.tsx';

const words = t.watch.editor;
const kinds = Object.entries(words.kinds) as readonly (readonly [ShapeKind, string])[];

/** A site file, drawn and written; the server says whether it is right. */
export function SiteEditor({
  site,
  text: first,
  version: firstVersion,
}: {
  readonly site: string;
  readonly text: string;
  readonly version: number;
}): ReactNode {
  const [text, setText] = useState(first);
  const [saved, setSaved] = useState(first);
  const [version, setVersion] = useState(firstVersion);
  const [past, setPast] = useState<readonly string[]>([]);
  const [filters] = useFilters();
  const [slot, setSlot] = useState(filters['camera'] ?? '');
  const [kind, setKind] = useState<ShapeKind>('zones');
  const [name, setName] = useState('');
  const [drawing, setDrawing] = useState<ShapeKind>();
  const [said, setSaid] = useState('');
  const [error, setError] = useState<unknown>();
  const queries = useQueryClient();
  const may = useMay()(['supervisor', 'admin'], site);
  const file = readSiteText(text);
  const camera = file.cameras.find(({ id }) => id === slot) ?? file.cameras[0];
  const watched = [...useCameras(site).values()].find((one) => one.slot === camera?.id);
  const picture = useMaskedPicture(watched?.id);
  const change = (to: string, say: string): void => {
    if (to === text) return;
    setPast([...past, text]);
    setText(to);
    setSaid(say);
  };
  const undo = (): void => {
    const before = past.at(-1);
    if (before === undefined) return;
    setPast(past.slice(0, -1));
    setText(before);
    setSaid(words.said.undone);
  };
  const save = async (): Promise<void> => {
    setError(undefined);
    try {
      const { body } = await api.call('putWatchSite', {
        ...{ params: { site }, body: { text }, ifMatch: `"${version}"` },
      });
      setVersion(body.version);
      setSaved(text);
      setSaid(words.saved(body.version));
      await queries.invalidateQueries({ queryKey: keyOf('getWatchSite') });
    } catch (problem) {
      setError(problem);
    }
  };
  useKeys(may ? [{ key: 'u', does: t.watch.keys.undo, run: undo }] : []);
  const readOnly = !may || file.broken !== undefined;
  const shapes = camera === undefined ? [] : shapesOf(camera);
  const begin = (): void => {
    const free = !shapes.some((shape) => shape.name === name);
    if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(name) && free) setDrawing(kind);
    else setSaid(words.said.name);
  };
  const drawn = (points: readonly Point[] | undefined): void => {
    if (points === undefined || drawing === undefined || camera === undefined) setSaid(words.said.gaveUp);
    else change(putShape(text, camera.id, { kind: drawing, name, points }), words.said.added);
    if (points !== undefined) setName('');
    setDrawing(undefined);
  };
  const drop = (shape: Shape): void => {
    if (camera === undefined) return;
    const user = camera.rules.find((rule) => rule['zone'] === shape.name || rule['line'] === shape.name);
    if (user !== undefined && shape.kind !== 'privacy') setSaid(words.used(shape.name, user.id));
    else change(remove(text, camera.id, shape.kind, shape.name), words.said.removed);
  };
  return (
    <div className="tw-split ww-editor">
      <div>
        {file.cameras.length > 1 && (
          <Choice
            label={words.camera}
            value={camera?.id}
            onChange={({ currentTarget: { value } }) => setSlot(value)}
            options={file.cameras.map(({ id }) => [id, id] as const)}
          />
        )}
        {camera !== undefined && (
          <>
            {watched === undefined ? (
              <p role="note">
                {words.noStream(camera.id)}{' '}
                {may && <Go to={`/watch/cameras?add=${camera.id}`}>{t.watch.cameras.addStream}</Go>}
              </p>
            ) : (
              picture === undefined && (
                <p role="note">{words.noPicture(watched.name, cameraState(watched))}</p>
              )
            )}
            <Canvas
              camera={camera}
              picture={picture}
              readOnly={readOnly}
              drawing={drawing}
              onShape={(shape) => change(putShape(text, camera.id, shape), words.said.moved)}
              onDrawn={drawn}
              onSay={setSaid}
            />
            {!readOnly && (
              <>
                <p className="tw-quiet">{drawing === undefined ? words.help : words.drawing}</p>
                <div className="tw-row ww-draw">
                  <Choice
                    label={words.draw}
                    value={kind}
                    onChange={({ currentTarget: { value } }) =>
                      setKind(kinds.find(([one]) => one === value)?.[0] ?? 'zones')
                    }
                    options={kinds}
                  />
                  <Field
                    label={words.name}
                    hint={words.nameHint}
                    value={name}
                    required
                    onChange={({ currentTarget: { value } }) => setName(value)}
                  />
                  <Button onClick={begin}>{words.draw}</Button>
                </div>
              </>
            )}
            <Section title={words.shapes}>
              {shapes.length === 0 && <p className="tw-quiet">{words.noShapes}</p>}
              <ul className="tw-plain">
                {shapes.map((shape) => (
                  <li key={`${shape.kind} ${shape.name}`} className="tw-line tw-row">
                    <span>
                      <strong>{shape.name}</strong> · {words.kinds[shape.kind]}
                    </span>
                    {!readOnly && (
                      <Button kind="unstyled" onClick={() => drop(shape)}>
                        {words.remove(shape.name)}
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
            </Section>
            <RuleList camera={camera} readOnly={readOnly} text={text} onText={(to, say) => change(to, say)} />
          </>
        )}
      </div>
      <div>
        <Area
          className="usa-textarea ww-yaml"
          label={words.yaml}
          hint={words.yamlHint}
          value={text}
          readOnly={!may}
          spellCheck={false}
          rows={24}
          onChange={({ currentTarget: { value } }) => setText(value)}
        />
        {file.broken !== undefined && <p role="alert">{words.broken(file.broken)}</p>}
        <Problem error={error} />
        {may ? (
          <div className="tw-row">
            <Button kind="plain" disabled={text === saved} onClick={() => void save()}>
              {words.save}
            </Button>
            <Button disabled={past.length === 0} onClick={undo}>
              {words.undo} <kbd>u</kbd>
            </Button>
            {text !== saved && <span className="tw-quiet">{words.unsaved}</span>}
          </div>
        ) : (
          <p className="tw-quiet">{words.rights}</p>
        )}
        <p role="status">{said}</p>
        {!readOnly && <BackTest site={site} text={text} />}
      </div>
    </div>
  );
}
