/** A sealed set and a report that fit their schemas and are signed by nobody. */
const zeros = '0'.repeat(64);
const unsigned = { signature: 'AA==', publicKey: 'AA==' };
const set = {
  ...{ format: 'tidewaiter-acceptance-set-1', name: 'x', items: 1, commitment: zeros, admitted: null },
  sealedAt: '2026-01-01T00:00:00Z',
  plan: {
    ...{ schema: 1, use: 'nothing', kind: 'detection', threshold: 0.5, sample: { truths: 1 } },
    goals: [{ measure: 'recall', atLeast: 0.5 }],
  },
};

export const unsignedSet = { claims: set, ...unsigned };

export const unsignedReport = {
  claims: {
    ...{ format: 'tidewaiter-acceptance-1', tool: { name: 'x', version: '1' }, set },
    ...{ startedAt: set.sealedAt, madeAt: set.sealedAt, confinement: 'none', answered: 0, fault: null },
    submission: { vendor: zeros, kind: 'model', name: 'x', digest: zeros },
    ...{ answers: zeros, measures: [], goals: [], verdict: 'failed' },
  },
  ...unsigned,
};
