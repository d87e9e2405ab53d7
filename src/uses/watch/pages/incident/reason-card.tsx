import type { ReactNode } from 'react';
import { showDuration } from '../../../../../web/kit/format.ts';
import { Facts } from '../../../../../web/kit/page.tsx';
import { t } from '../../../../../web/text/en.ts';
import { asNumber, asText, type Alert } from '../site.ts';
import { pathOf, scoresOf } from './reason.ts';
import { ScoreChart } from './score-chart.tsx';

const words = t.watch.incident;
type Loose = Readonly<Record<string, unknown>>;

/** Why an alert came about, in words. */
export function ReasonCard({ alert }: { readonly alert: Alert }): ReactNode {
  const { reason, latency } = alert;
  const rule = (reason['rule'] ?? {}) as Loose;
  const schedule = (reason['schedule'] ?? {}) as Loose;
  const why = asText(schedule['why']) ?? '';
  const detail = asText(schedule['detail']);
  const dwell = asNumber(reason['dwell']);
  const place = asText(rule['place']);
  const kind = asText(alert.class);
  const path = pathOf(alert);
  const [first, last] = [path.at(0), path.at(-1)];
  const scores = scoresOf(alert);
  const kinds: Readonly<Record<string, string>> = t.watch.editor.ruleKinds;
  const classes: Readonly<Record<string, string>> = t.watch.editor.classNames;
  return (
    <section className="ww-card" aria-label={words.card}>
      <p className="ww-card__text">{asText(reason['text'])}</p>
      <Facts
        facts={[
          [words.rule, `${alert.rule}: ${kinds[asText(rule['kind']) ?? ''] ?? ''}`],
          ...(place === undefined ? [] : [[words.place, place] as const]),
          [words.schedule, `${words.scheduleWhy[why] ?? why}${detail === undefined ? '' : ` (${detail})`}`],
          ...(kind === undefined ? [] : [[words.kind, classes[kind] ?? kind] as const]),
          ...(dwell === undefined ? [] : [[words.dwell, showDuration(dwell)] as const]),
          ...(first === undefined || last === undefined
            ? []
            : [[words.path, words.pathOf(path.length, showDuration(last.time - first.time))] as const]),
          [
            words.latency,
            words.latencyOf(Math.round(latency['fired'] ?? 0), showDuration(latency['inertia'] ?? 0)),
          ],
          ...(scores.length === 0
            ? []
            : [[words.scores, <ScoreChart key="scores" scores={scores} />] as const]),
        ]}
      />
    </section>
  );
}
