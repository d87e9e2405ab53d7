/**
 * What this use of AI is for and what it must never do. Governance reads it; the command line shows it.
 */
export const charter = {
  use: 'watch',
  title: 'Watching cameras while a site should be quiet',
  purpose:
    'Detect and follow activity on cameras after hours, and tell an operator at once, with few enough false alerts that people keep trusting them.',
  never: [
    'Recognise who a person is, or compare faces.',
    'Follow a person from site to site, or keep what they look like.',
    'Score a person, their mood or their intent.',
    'Look at, send or record what lies in a privacy zone.',
    'Act by itself: an alert is a proposal to look.',
  ],
  decides: 'The operator, who confirms or dismisses each alert. Suppressed alerts stay discoverable.',
  data: 'Frames are looked at and forgotten. Boxes, times, scores and paths of alerts are kept; colours of clothes only in memory, for seconds.',
  impact: 'Safety- and rights-impacting: a missed intrusion, or somebody challenged in error.',
  measures: [
    'precision and recall of alerts',
    'duplicates per true event',
    'false alerts per camera-hour',
    'latency from capture to alert',
    'CPU per frame',
  ],
} as const;
