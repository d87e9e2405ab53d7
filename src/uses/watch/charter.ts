import type { Charter } from '../../governance/charters/charter.ts';

/** What this use of AI is for and what it must never do. Governance reads it; the command line shows it. */
export const charter: Charter = {
  schema: 1,
  use: 'watch',
  revision: 2,
  title: 'Watching cameras while a site should be quiet',
  purpose:
    'Detect and follow activity on cameras after hours, and tell an operator at once, with few enough false alerts that people keep trusting them.',
  publicSummary:
    'When a port or a building is closed, software looks at its cameras for people and vehicles where nobody should be and tells an operator, who looks and decides. It does not recognise who a person is and does not follow anybody from site to site.',
  stage: 'pre-deployment',
  authority: [
    {
      citation: '40 U.S.C. 1315',
      allows: 'Protecting buildings, grounds and property of the federal government, and people on them.',
    },
    {
      citation: '6 U.S.C. 211(c)',
      allows: 'Securing the facilities of U.S. Customs and Border Protection at ports of entry.',
    },
  ],
  does: ['detect-objects', 'track-objects-at-one-site'],
  decides: {
    who: 'The operator on duty',
    what: 'Whether an alert is a real event, and what is done about it. Suppressed alerts stay discoverable.',
    personActs: true,
    inEnforcement: 'lead',
  },
  inputs: [
    {
      name: 'camera_pictures',
      meaning: 'Pictures of the cameras of one site, without the zones that are private.',
      personal: true,
      source: 'Cameras that the agency has. Frames are looked at and forgotten.',
      flows: ['used'],
    },
    {
      name: 'site_file',
      meaning: 'Zones, lines, rules, opening hours and holidays of the site.',
      personal: false,
      source: 'The supervisor of the site.',
      flows: ['used'],
    },
  ],
  outputs: [
    {
      name: 'alerts',
      meaning: 'Which rule fired, where and when, with path, dwell, scores and the state of the calendar.',
      personal: true,
      to: 'The operator on duty',
    },
    {
      name: 'health',
      meaning: 'When a camera was lost, frozen, black, blurred or covered.',
      personal: false,
      to: 'The operator on duty',
    },
  ],
  models: [{ id: 'coco-ssdlite', task: 'Persons, vehicles and bags' }],
  impact: {
    class: 'high-impact',
    reason:
      'A missed intrusion endangers people and property, and a false alert can lead to somebody being challenged, so the use is held to the practices for high-impact AI.',
  },
  measures: [
    {
      name: 'precision of zone-entry alerts',
      unit: 'share of alerts',
      atLeast: 0.97,
      how: '`tidewaiter watch evaluate` on clips with known truth, one-to-one within 2 s, with a 95 % interval.',
    },
    {
      name: 'recall of zone entries',
      unit: 'share of true entries',
      atLeast: 0.97,
      how: 'The same clips.',
    },
    {
      name: 'duplicates',
      unit: 'alerts beyond one for each true event',
      atMost: 0.03,
      how: 'The same clips.',
    },
  ],
  // The platform keeps the score of each incident and what the operator said of it. Two weeks take in quiet and busy days; with
  // 300 of each, chance moves neither figure of scores this far once in ten thousand looks. More than every second incident
  // dismissed, beyond doubt, and operators stop trusting them. Fewer incidents than that, or no baseline, stop nothing.
  drift: { days: 14, sample: 300, psi: 0.25, ks: 0.2, confirmed: 0.5 },
  never: [
    'Recognise who a person is, or compare faces.',
    'Follow a person from site to site, or keep what they look like: colours of clothes stay in memory, for seconds.',
    'Score a person, their mood or their intent.',
    'Look at, send or record what lies in a privacy zone.',
    'Act by itself: an alert is a proposal to look.',
  ],
  retention: [
    {
      record: 'Alerts with their reasons and decisions',
      schedule: 'GRS 5.6 item 100',
      keep: '3 years after the event, longer where an incident asks for it.',
    },
    {
      record: 'Boxes and paths that led to no alert',
      schedule: 'GRS 5.2 item 020',
      keep: 'Until they are no longer needed to measure the rules.',
    },
    { record: 'Frames', schedule: 'none: not a record', keep: 'In memory only, for seconds.' },
  ],
  inventory: {
    topic: 'Law Enforcement',
    classification: 'Computer Vision',
    problem:
      'Operators watch many screens on which almost nothing happens, and miss the moment in which something does.',
    benefits: 'Fewer missed intrusions, fewer false alerts, and time of operators for what needs judgement.',
    development: 'In-house Development',
    customCode: true,
    data: 'Models are public ones that were not trained or adjusted here. They are measured on public clips with known truth; nothing of the agency is used.',
  },
  evidence: [],
  waivers: [],
};
