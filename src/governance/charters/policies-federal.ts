import type { Policy } from './policy.ts';

const highImpact = {
  impact: 'high-impact',
  stages: ['deployed'],
} satisfies Policy['provisions'][number]['appliesTo'];

/** Executive Order 13960: the nine principles of section 3, and the inventory of section 5. */
export const eo13960: Policy = {
  schema: 1,
  id: 'eo-13960',
  version: '2020-12-03',
  title:
    'Executive Order 13960, Promoting the Use of Trustworthy Artificial Intelligence in the Federal Government',
  issuer: 'President',
  effective: '2020-12-03',
  source: '85 FR 78939',
  provisions: [
    {
      id: 'lawful',
      title: "Lawful and respectful of the Nation's values",
      section: '3(a)',
      shownBy: { charter: ['authority', 'prohibitions'], redLines: true },
      waivable: false,
    },
    {
      id: 'purposeful',
      title: 'Purposeful and performance-driven',
      section: '3(b)',
      shownBy: { charter: ['purpose', 'measures'] },
      waivable: false,
    },
    {
      id: 'accurate',
      title: 'Accurate, reliable and effective',
      section: '3(c)',
      shownBy: { charter: ['measures'], evidence: ['test-report'] },
      waivable: false,
    },
    {
      id: 'safe',
      title: 'Safe, secure and resilient',
      section: '3(d)',
      shownBy: { evidence: ['security-review', 'fail-safe'] },
      waivable: false,
    },
    {
      id: 'understandable',
      title: 'Understandable',
      section: '3(e)',
      shownBy: { charter: ['inputs', 'outputs', 'models', 'public-summary'] },
      waivable: false,
    },
    {
      id: 'traceable',
      title: 'Responsible and traceable',
      section: '3(f)',
      shownBy: {
        charter: ['decider', 'retention'],
        software: 'every model run, finding and decision is in the ledger',
      },
      waivable: false,
    },
    {
      id: 'monitored',
      title: 'Regularly monitored',
      section: '3(g)',
      shownBy: { evidence: ['monitoring'] },
      waivable: false,
    },
    {
      id: 'transparent',
      title: 'Transparent',
      section: '3(h)',
      shownBy: { charter: ['public-summary'], software: 'the use is in the inventory export' },
      waivable: false,
    },
    {
      id: 'accountable',
      title: 'Accountable',
      section: '3(i)',
      shownBy: { charter: ['decider'], evidence: ['training'] },
      waivable: false,
    },
  ],
};

/** OMB M-25-21, appendix, section 4(b): the minimum practices for high-impact AI. */
export const m2521: Policy = {
  schema: 1,
  id: 'm-25-21',
  version: '2025-04-03',
  title:
    'OMB Memorandum M-25-21, Accelerating Federal Use of AI through Innovation, Governance, and Public Trust',
  issuer: 'Office of Management and Budget',
  effective: '2025-04-03',
  source: 'appendix, section 4(b); due by 2026-04-03',
  provisions: [
    {
      id: 'testing',
      title: 'Pre-deployment testing',
      section: '4(b)(i)',
      appliesTo: highImpact,
      shownBy: { evidence: ['test-report'] },
      waivable: true,
    },
    {
      id: 'impact-assessment',
      title: 'AI impact assessment with potential impacts',
      section: '4(b)(ii)',
      appliesTo: highImpact,
      shownBy: { charter: ['impact'], evidence: ['impact-assessment'] },
      waivable: true,
    },
    {
      id: 'independent-review',
      title: 'Independent review of the assessment',
      section: '4(b)(ii)',
      appliesTo: highImpact,
      shownBy: { evidence: ['independent-review'] },
      waivable: true,
    },
    {
      id: 'monitoring',
      title: 'Ongoing monitoring for performance and adverse impact',
      section: '4(b)(iii)',
      appliesTo: highImpact,
      shownBy: { evidence: ['monitoring'] },
      waivable: true,
    },
    {
      id: 'training',
      title: 'Human training and assessment',
      section: '4(b)(iv)',
      appliesTo: highImpact,
      shownBy: { evidence: ['training'] },
      waivable: true,
    },
    {
      id: 'oversight',
      title: 'Human oversight, intervention and accountability, with a fail-safe',
      section: '4(b)(v)',
      appliesTo: highImpact,
      shownBy: { charter: ['decider'], evidence: ['fail-safe'] },
      waivable: true,
    },
    {
      id: 'appeal',
      title: 'Consistent remedies or appeals',
      section: '4(b)(vi)',
      appliesTo: highImpact,
      shownBy: { evidence: ['appeal'] },
      waivable: true,
    },
    {
      id: 'consultation',
      title: 'Feedback of end users and the public',
      section: '4(b)(vii)',
      appliesTo: highImpact,
      shownBy: { evidence: ['consultation'] },
      waivable: true,
    },
  ],
};

/** OMB M-24-10, for records of its time: rescinded by M-25-21. */
export const m2410: Policy = {
  schema: 1,
  id: 'm-24-10',
  version: '2024-03-28',
  title:
    'OMB Memorandum M-24-10, Advancing Governance, Innovation, and Risk Management for Agency Use of Artificial Intelligence',
  issuer: 'Office of Management and Budget',
  effective: '2024-03-28',
  ends: '2025-04-02',
  source: 'section 5(c), minimum practices; due by 2024-12-01',
  provisions: [
    {
      id: 'impact-assessment',
      title: 'AI impact assessment',
      section: '5(c)(iv)(A)',
      appliesTo: highImpact,
      shownBy: { evidence: ['impact-assessment'] },
      waivable: true,
    },
    {
      id: 'testing',
      title: 'Testing in a real-world context',
      section: '5(c)(iv)(B)',
      appliesTo: highImpact,
      shownBy: { evidence: ['test-report'] },
      waivable: true,
    },
    {
      id: 'independent-review',
      title: 'Independent evaluation',
      section: '5(c)(iv)(C)',
      appliesTo: highImpact,
      shownBy: { evidence: ['independent-review'] },
      waivable: true,
    },
    {
      id: 'monitoring',
      title: 'Ongoing monitoring and regular evaluation of risks',
      section: '5(c)(iv)(D)-(F)',
      appliesTo: highImpact,
      shownBy: { evidence: ['monitoring'] },
      waivable: true,
    },
    {
      id: 'training',
      title: 'Adequate human training and assessment',
      section: '5(c)(iv)(G)',
      appliesTo: highImpact,
      shownBy: { evidence: ['training'] },
      waivable: true,
    },
    {
      id: 'notice',
      title: 'Public notice and plain-language documentation',
      section: '5(c)(iv)(I)',
      appliesTo: highImpact,
      shownBy: { charter: ['public-summary'], evidence: ['notice'] },
      waivable: true,
    },
    {
      id: 'appeal',
      title: 'Human consideration and remedy',
      section: '5(c)(v)(E)',
      appliesTo: highImpact,
      shownBy: { evidence: ['appeal'] },
      waivable: true,
    },
  ],
};
