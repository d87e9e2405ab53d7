import type { Policy, Provision } from './policy.ts';
import { faceDeeds } from './words.ts';

const faces = { does: [...faceDeeds] } satisfies Provision['appliesTo'];

/** DHS Policy Statement 139-06, replaced by Directive 139-08. */
export const dhs13906: Policy = {
  schema: 1,
  id: 'dhs-139-06',
  version: '2023-08-08',
  title:
    'DHS Policy Statement 139-06, Acquisition and Use of Artificial Intelligence and Machine Learning by DHS Components',
  issuer: 'Department of Homeland Security',
  effective: '2023-08-08',
  ends: '2025-01-14',
  source: 'replaced by Directive 139-08 of 15 January 2025',
  provisions: [
    {
      id: 'eo-13960',
      title: 'Conform to Executive Order 13960, the Constitution, law and policy',
      section: 'policy',
      shownBy: { charter: ['authority', 'purpose', 'public-summary'] },
      waivable: false,
    },
    {
      id: 'mission',
      title: 'Appropriate to the mission, and better for it',
      section: 'policy',
      shownBy: { charter: ['purpose', 'measures'] },
      waivable: false,
    },
    {
      id: 'tested',
      title: 'Tested and validated, its risks managed, protected from attacks',
      section: 'policy',
      shownBy: { charter: ['impact'], evidence: ['test-report', 'security-review'] },
      waivable: false,
    },
    {
      id: 'disparate-impact',
      title: 'Analysed for disparate impact, so that people are treated fairly',
      section: 'policy',
      appliesTo: { impact: 'high-impact' },
      shownBy: { evidence: ['bias-test'] },
      waivable: false,
    },
    {
      id: 'people',
      title: 'People oversee it, and know its strengths, weaknesses, benefits and risks',
      section: 'policy',
      shownBy: { charter: ['decider'], evidence: ['training'] },
      waivable: false,
    },
    {
      id: 'no-inappropriate-consideration',
      title: 'No collection, use or dissemination of data and no decision on protected characteristics',
      section: 'policy',
      shownBy: { charter: ['inputs', 'outputs'], redLines: true },
      waivable: false,
    },
    {
      id: 'no-indiscriminate-monitoring',
      title: 'No improper systemic, indiscriminate or large-scale monitoring',
      section: 'policy',
      shownBy: { redLines: true },
      waivable: false,
    },
  ],
};

/** DHS Directive 139-08, in force since 15 January 2025. */
export const dhs13908: Policy = {
  schema: 1,
  id: 'dhs-139-08',
  version: '2025-01-15',
  title: 'DHS Directive 139-08, Artificial Intelligence Use and Acquisition',
  issuer: 'Department of Homeland Security',
  effective: '2025-01-15',
  source: 'principles and prohibitions',
  provisions: [
    {
      id: 'lawful',
      title: 'Lawful and mission-appropriate',
      section: 'principles',
      shownBy: { charter: ['authority', 'purpose'] },
      waivable: false,
    },
    {
      id: 'mission-enhancing',
      title: 'Mission-enhancing',
      section: 'principles',
      shownBy: { charter: ['purpose', 'measures'] },
      waivable: false,
    },
    {
      id: 'safe',
      title: 'Safe, secure and responsible',
      section: 'principles',
      shownBy: { charter: ['impact'], evidence: ['test-report', 'security-review'] },
      waivable: false,
    },
    {
      id: 'trustworthy',
      title: 'Trustworthy: traceable and auditable outputs',
      section: 'principles',
      shownBy: {
        charter: ['outputs', 'models', 'public-summary'],
        software:
          'what runs under a permit here names its model and permit on every output, and is in the ledger',
      },
      waivable: false,
    },
    {
      id: 'human-centered',
      title: 'Human-centered',
      section: 'principles',
      shownBy: { charter: ['decider'], evidence: ['consultation'] },
      waivable: false,
    },
    {
      id: 'no-sole-basis',
      title: 'Never the sole basis of law or civil enforcement or of denying a benefit',
      section: 'prohibitions',
      shownBy: { charter: ['decider'], redLines: true },
      waivable: false,
    },
    {
      id: 'no-inappropriate-consideration',
      title: 'No decision from inappropriate consideration of protected characteristics, no profiling',
      section: 'prohibitions',
      shownBy: { charter: ['inputs', 'outputs'], redLines: true },
      waivable: false,
    },
    {
      id: 'no-indiscriminate-monitoring',
      title: 'No unlawful or improper systemic, indiscriminate or large-scale monitoring or tracking',
      section: 'prohibitions',
      shownBy: { redLines: true },
      waivable: false,
    },
  ],
};

/**
 * DHS Directive 026-11 on face recognition and face capture. It was reported missing from the department's public site
 * since about February 2025; nothing published ends it, so it has no end here.
 */
export const dhs02611: Policy = {
  schema: 1,
  id: 'dhs-026-11',
  version: '2023-09-11',
  title: 'DHS Directive 026-11, Use of Face Recognition and Face Capture Technologies',
  issuer: 'Department of Homeland Security',
  effective: '2023-09-11',
  source: 'policy and responsibilities',
  provisions: [
    {
      id: 'bias-test',
      title:
        'Tested against unintended bias and disparate impact by national standards, and again periodically',
      section: 'testing',
      appliesTo: faces,
      shownBy: { evidence: ['bias-test'] },
      maxAgeMonths: 36,
      waivable: false,
    },
    {
      id: 'performance-goals',
      title: 'Periodic testing and evaluation against performance goals',
      section: 'testing',
      appliesTo: faces,
      shownBy: { charter: ['measures'], evidence: ['test-report'] },
      maxAgeMonths: 36,
      waivable: false,
    },
    {
      id: 'opt-out',
      title: 'US citizens may opt out where the use is not law enforcement',
      section: 'rights',
      appliesTo: faces,
      shownBy: { evidence: ['opt-out', 'notice'] },
      waivable: false,
    },
    {
      id: 'no-sole-basis',
      title: 'Never the sole basis of a law or civil enforcement action',
      section: 'rights',
      appliesTo: faces,
      shownBy: { charter: ['decider'], redLines: true },
      waivable: false,
    },
    {
      id: 'reviews',
      title: 'Reviewed by the Privacy Office, CRCL and the CIO',
      section: 'oversight',
      appliesTo: faces,
      shownBy: { evidence: ['privacy-sign-off', 'civil-rights-sign-off', 'cio-sign-off'] },
      waivable: false,
    },
  ],
};
