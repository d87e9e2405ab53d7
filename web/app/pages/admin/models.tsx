import type { ReactNode } from 'react';
import { useApi } from '../../../kit/api.ts';
import { Facts } from '../../../kit/page.tsx';
import { Waiting } from '../../../kit/problem.tsx';
import { t } from '../../../text/en.ts';

/** The cards of all models. */
export function ModelsPart(): ReactNode {
  const models = useApi('listModels', {});
  return (
    <>
      <Waiting query={models} />
      {models.data?.items.map((model) => {
        const { width, height, dynamic } = model.input;
        return (
          <section key={model.id} className="tw-panel">
            <div className="tw-title">
              <h2>{model.id}</h2>
              <span className={`usa-tag tw-tag ${model.state === 'not installed' ? '' : 'tw-tag--done'}`}>
                {t.models.states[model.state]}
              </span>
            </div>
            <p>{model.purpose}</p>
            <Facts
              facts={[
                [t.models.limits, model.limits],
                [t.models.version, model.version],
                [
                  t.models.licence,
                  model.licenceClear ? model.licence : `${model.licence} (${t.models.unclear})`,
                ],
                [t.models.source, model.source],
                ...(model.classes.length === 0
                  ? []
                  : [[t.models.classes, <Classes key="classes" names={model.classes} />] as const]),
                [t.models.family, model.family],
                [t.models.input, dynamic ? t.models.dynamic : t.models.pixels(width, height)],
                [
                  t.models.digest,
                  <code key="digest" className="tw-hash">
                    {model.digest}
                  </code>,
                ],
              ]}
            />
          </section>
        );
      })}
    </>
  );
}

/** A model may know eighty kinds of things: the first few, and the rest on demand. */
function Classes({ names }: { readonly names: readonly string[] }): ReactNode {
  const few = 8;
  if (names.length <= few) return names.join(', ');
  return (
    <details>
      <summary>{`${names.slice(0, few).join(', ')} … (${names.length})`}</summary>
      {names.join(', ')}
    </details>
  );
}
