import { useState, type ReactNode } from 'react';
import { useDo, type Answer } from '../../../../../web/kit/api.ts';
import { Button } from '../../../../../web/kit/form.tsx';
import { Section } from '../../../../../web/kit/page.tsx';
import { Problem } from '../../../../../web/kit/problem.tsx';
import { t } from '../../../../../web/text/en.ts';
import { nameOfCamera, useEveryCamera } from '../site.ts';

const words = t.watch.backTest;
const DAY_MS = 86_400_000;

/** What the file, as it is written now, would have told in the last day. */
export function BackTest({ site, text }: { readonly site: string; readonly text: string }): ReactNode {
  const test = useDo('backTestSite');
  const [tried, setTried] = useState('');
  const run = (): void => {
    const now = Date.now();
    const [from, to] = [new Date(now - DAY_MS).toISOString(), new Date(now).toISOString()];
    setTried(text);
    test.mutate({ params: { site }, body: { text, from, to } });
  };
  return (
    <Section title={words.title}>
      <p className="tw-quiet">{words.lead}</p>
      <Button disabled={test.isPending} onClick={run}>
        {test.isPending ? words.running : words.run}
      </Button>
      <Problem error={test.error} />
      <div role="status">
        {test.data !== undefined && (
          <>
            {tried !== text && <p>{words.changed}</p>}
            <Result site={site} result={test.data} />
          </>
        )}
      </div>
    </Section>
  );
}

function Result({
  site,
  result,
}: {
  readonly site: string;
  readonly result: Answer<'backTestSite'>;
}): ReactNode {
  const cameras = useEveryCamera(site);
  const { rules, gone, notTestable, withoutTracks } = result;
  return (
    <>
      {rules.length === 0 && <p>{words.nothing}</p>}
      <ul className="tw-plain">
        {rules.map((one) => (
          <li key={`${one.camera} ${one.rule}`} className="tw-line">
            <strong>{one.rule}</strong> · {nameOfCamera(cameras, one.camera)}:{' '}
            {words.rule(one.new, one.gone, one.same)}
          </li>
        ))}
      </ul>
      {gone.confirmed + gone.dismissed + gone.undecided > 0 && (
        <p>{words.gone(gone.confirmed, gone.dismissed, gone.undecided)}</p>
      )}
      {withoutTracks > 0 && <p className="tw-quiet">{words.withoutTracks(withoutTracks)}</p>}
      {notTestable.length > 0 && (
        <p className="tw-quiet">{words.notTestable(notTestable.map(({ rule }) => rule).join(', '))}</p>
      )}
    </>
  );
}
