/** Events of sites, which a webhook can be told of, by what they are about. Those that only say who looked are left to be typed. */
export const webhookKinds = {
  cases: ['case.opened', 'case.changed', 'case.extended', 'case.closed'],
  files: [
    'asset.received',
    'asset.made',
    'asset.held',
    'asset.released-from-hold',
    'asset.released',
    'asset.erased',
  ],
  findings: ['finding.assigned', 'finding.given-back', 'finding.decided'],
  redaction: [
    'redaction.asked',
    'redaction.review-started',
    'redaction.analysed',
    'redaction.edited',
    'redaction.release-asked',
    'redaction.rendered',
    'job.cancelled',
  ],
  watch: [
    'watch.alert',
    'watch.incident-escalated',
    'watch.camera-added',
    'watch.camera-changed',
    'watch.camera-removed',
    'watch.camera-state',
    'watch.site-changed',
  ],
} as const;
