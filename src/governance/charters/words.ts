/**
 * What an AI may be said to do. The list holds what is forbidden too, so that a charter which says so openly is
 * refused with the reason and not with a spelling error; see red-lines.ts.
 */
export const deeds = [
  'detect-objects',
  'track-objects-at-one-site',
  'read-text',
  'recognise-speech',
  'translate',
  'detect-faces',
  'capture-faces',
  'compare-faces-one-to-one',
  'search-faces',
  'match-known-files',
  'find-similar-pictures',
  'inspect-scans',
  'check-declarations',
  'rank-shipments',
  'find-networks',
  'forecast-load',
  'search-across-sites',
  'label-data',
  'summarise-text',
  'score-person-risk',
  'infer-emotion',
  'infer-honesty',
  'infer-protected-attribute',
  'monitor-indiscriminately',
  'name-person-for-arrest',
  'act-without-person',
  'assess-officers-for-discipline',
  'advise-evasion',
  'train-on-child-protection-material',
] as const;

export type Deed = (typeof deeds)[number];

/**
 * Recognition of faces, and capture for it: what the rules on faces are about. To find faces in order to blur them is none of
 * these.
 */
export const faceDeeds: readonly Deed[] = ['capture-faces', 'compare-faces-one-to-one', 'search-faces'];

/** What can show that a rule is kept. The charter itself shows some of it: see crosswalk.ts. */
export const evidenceKinds = [
  'test-report',
  'bias-test',
  'impact-assessment',
  'independent-review',
  'monitoring',
  'training',
  'fail-safe',
  'appeal',
  'consultation',
  'notice',
  'opt-out',
  'security-review',
  'privacy-sign-off',
  'civil-rights-sign-off',
  'cio-sign-off',
  'caio-sign-off',
] as const;

export type EvidenceKind = (typeof evidenceKinds)[number];
