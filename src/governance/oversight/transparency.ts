import type { Reporter } from '../inventory/export.ts';
import type { GroupTable } from './disparity.ts';
import { LEAST_PUBLIC_COUNT, type PublicCount, type PublicRecord, type PublicUse } from './public-record.ts';

const stages = {
  'pre-deployment': 'not in use yet',
  pilot: 'a pilot',
  deployed: 'in use',
  retired: 'retired',
} as const;
const impacts = {
  'high-impact': 'High-impact',
  'presumed-but-not': 'Presumed high-impact, but not high-impact',
  'not-high-impact': 'Not high-impact',
} as const;

const style = `body{margin:0 auto;padding:1.5rem;max-width:60rem;font:1rem/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff}
table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:700;padding:.5rem 0}
th,td{border:1px solid #767676;padding:.35rem .6rem;text-align:left}td.n{text-align:right}
article{border-top:4px solid #005ea2;margin-top:2rem}code{overflow-wrap:anywhere}a{color:#005ea2}
@media (prefers-color-scheme:dark){body{color:#f0f0f0;background:#1b1b1b}a{color:#73b3e7}}`;

/**
 * The public page about all uses: one file of HTML that loads nothing and runs nothing, for an agency's own site.
 * @param on the day that it tells of.
 */
export function transparencyPage({ uses, left }: PublicRecord, reporter: Reporter, on: string): string {
  const title = `Artificial intelligence in use: ${reporter.bureau}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(reporter.agencyName)}. As of ${escaped(on)}. Questions: <a href="mailto:${escaped(reporter.contact)}">${escaped(reporter.contact)}</a></p>
<p>No decision rests on a machine alone: what software finds is a proposal, and a person decides. Figures are of this installation, with their sample sizes and 95 % intervals. Counts between 1 and ${LEAST_PUBLIC_COUNT - 1} are not given, so that nobody can be found by them.</p>
${uses.length === 0 ? '<p>No use is registered.</p>' : `<nav aria-label="Uses"><ul>${uses.map(({ use, title: name }) => `<li><a href="#${escaped(use)}">${escaped(name)}</a></li>`).join('')}</ul></nav>`}
${uses.map(article).join('\n')}
${left.length === 0 ? '' : `<h2>Not listed</h2>${list(left.map(({ use, why }) => `${use}: ${why === 'not-registered' ? 'part of the software, not put forward for use here' : 'its description breaks rules, and it must not be used'}`))}`}
</main>
</body>
</html>
`;
}

function article(one: PublicUse): string {
  const { use, title, summary, impact, stage, decides, never, authority, models, waivers } = one;
  return `<article id="${escaped(use)}" aria-labelledby="${escaped(use)}-title">
<h2 id="${escaped(use)}-title">${escaped(title)}</h2>
${one.stopped ? '<p><strong>Stopped at the moment.</strong></p>' : ''}
<p>${escaped(summary)}</p>
<p>Version ${one.version}, ${stages[stage]}. ${impacts[impact.class]}: ${escaped(impact.reason)}</p>
<h3>Who decides</h3><p>${escaped(decides.who)}: ${escaped(decides.what)}</p>
<h3>Law</h3>${list(authority)}
<h3>What it must never do</h3>${list(never)}
<h3>Models</h3>${list(models.map(({ id, task, digest }) => `${task} (${id}, SHA-256 ${digest})`))}
<h3>What people decided</h3><p>${decided(one.decided)}</p>
${one.groups.map(groupTable).join('')}
<h3>Opting out</h3><p>Faces captured: ${count(one.captures.captured)}. Travellers who opted out: ${count(one.captures.optedOut)}.</p>
${waivers.length === 0 ? '' : `<h3>Waivers</h3>${list(waivers)}`}
</article>`;
}

function decided(figure: PublicUse['decided']): string {
  if (figure === null) return 'Too few decisions within the last year for a figure.';
  const { n, dismissed, low, high } = figure;
  return `Of ${n} proposals of the last year, people found nothing in ${percent(dismissed / n)} (95 % interval ${percent(low)} to ${percent(high)}, n = ${n}).`;
}

function groupTable({ kind, testedAt, simulated, groups, fourFifths }: GroupTable): string {
  const rate = ({ rate: value, low, high, trials }: GroupTable['groups'][number]['fmr']): string =>
    value === null
      ? 'not estimable'
      : `${percent(value, 3)} (${percent(low, 3)} to ${percent(high, 3)}), n = ${trials}`;
  const verdict = {
    kept: 'kept',
    below: 'not kept; this deserves a look, and is no verdict',
    'not-estimable': 'not estimable',
  };
  return `<table><caption>Errors by group, test ${escaped(kind)} of ${testedAt.slice(0, 10)}${simulated ? ', simulated' : ''}</caption>
<thead><tr><th scope="col">Group</th><th scope="col">Taken for somebody else</th><th scope="col">Not recognised</th></tr></thead>
<tbody>${groups.map(({ name, fmr, fnmr }) => `<tr><th scope="row">${escaped(name)}</th><td class="n">${rate(fmr)}</td><td class="n">${rate(fnmr)}</td></tr>`).join('')}</tbody></table>
<p>Four-fifths rule: ${verdict[fourFifths.verdict]}.</p>`;
}

function count(value: PublicCount): string {
  return value === null ? `fewer than ${LEAST_PUBLIC_COUNT}` : String(value);
}

function percent(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)} %`;
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter);
}
