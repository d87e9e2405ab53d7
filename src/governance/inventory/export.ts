import type { Charter } from '../charters/charter.ts';
import { currentEvidence } from '../charters/crosswalk.ts';
import type { Day } from '../charters/days.ts';
import { readFieldName } from '../charters/field-names.ts';
import { waiverHolds } from '../charters/waivers.ts';
import type { EvidenceKind } from '../charters/words.ts';
import type { TextEncoding } from './encoding.ts';
import { columns2025 } from './columns-2025.ts';
import { riskColumns2025 } from './columns-2025-risk.ts';
import { writePythonList } from './python-list.ts';

/** Who reports. */
export interface Reporter {
  /** `DHS` */
  readonly agency: string;
  readonly agencyName: string;
  readonly bureau: string;
  /** An address for public inquiries. */
  readonly contact: string;
}

const columns = [...columns2025, ...riskColumns2025].map(({ key }) => key);

/** How the published file of 2025 is encoded: Excel then reads it as it is. */
export const exportEncoding: TextEncoding = { charset: 'utf-8', mark: true };

export const exportHeader = { cells: columns, end: '\r\n', line: 1 };

/** A charter as a row of the 2025 inventory, with the evidence and the waivers that hold on a day. */
export function exportRow(charter: Charter, reporter: Reporter, on: Day): { cells: string[]; end: string } {
  const row: Readonly<Record<string, string>> = {
    ...base(charter, reporter),
    ...(charter.stage === 'retired' ? {} : described(charter)),
    ...(charter.stage === 'pilot' || charter.stage === 'deployed' ? inUse(charter) : {}),
    ...(charter.stage === 'deployed' && charter.impact.class === 'high-impact' ? practices(charter, on) : {}),
  };
  const lists = ['demographic_features', 'hi_public_consultation'];
  return { cells: columns.map((key) => row[key] ?? (lists.includes(key) ? '[]' : '')), end: '\r\n' };
}

type Row = Record<string, string>;

const stages = {
  'pre-deployment': 'Pre-deployment',
  pilot: 'Pilot',
  deployed: 'Deployed',
  retired: 'Retired',
} as const;

const impacts = {
  'high-impact': 'High-impact',
  'presumed-but-not': 'Presumed High-Impact, but Not High-impact',
  'not-high-impact': 'Not High-impact',
} as const;

function base(charter: Charter, reporter: Reporter): Row {
  return {
    agency: reporter.agency,
    agency_name: reporter.agencyName,
    id: charter.inventory.id ?? `${reporter.agency}-tidewaiter-${charter.use}`,
    use_case_name: charter.title,
    agency_bureau: reporter.bureau,
    contact_email: reporter.contact,
    is_withheld: 'No',
    development_stage: stages[charter.stage],
    is_high_impact: impacts[charter.impact.class],
    HI_justification: charter.impact.class === 'presumed-but-not' ? charter.impact.reason : '',
  };
}

function described({ inventory, outputs }: Charter): Row {
  return {
    topic_area: inventory.topic,
    classification: inventory.classification,
    problem_solved: inventory.problem,
    benefits: inventory.benefits,
    system_outputs: outputs.map(({ meaning, to }) => `${meaning} To: ${to}.`).join(' '),
  };
}

function inUse(charter: Charter): Row {
  const { inventory, inputs, operational = '' } = charter;
  const features = new Set(
    inputs
      .filter(({ flows }) => flows.includes('used'))
      .flatMap(({ name }) => readFieldName(name).attributes)
      .map((attribute) => (attribute === 'age' ? 'c) Age' : 'l) Other')),
  );
  return {
    operational_date: operational,
    contracting_usage: inventory.development,
    vendor_name: inventory.vendor ?? '',
    have_ato: inventory.atoSystem === undefined ? 'No' : 'Yes',
    system_name_ato: inventory.atoSystem ?? '',
    data_description: inventory.data,
    has_pii: [...inputs, ...charter.outputs].some(({ personal }) => personal) ? 'Yes' : 'No',
    pia_url: inventory.piaUrl ?? '',
    demographic_features: writePythonList(
      features.size > 0 ? [...features].sort() : ['k) None of the above'],
    ),
    has_custom_code: inventory.customCode ? 'Yes' : 'No',
    code_url: inventory.codeUrl ?? '',
  };
}

/** Column, provision of M-25-21, kind of evidence, and the answers when it is there and when it is not. */
const answered: readonly [string, string, EvidenceKind, string, string][] = [
  ['hi_testing_conducted', 'testing', 'test-report', 'Yes', 'In-progress'],
  ['hi_assessment_completed', 'impact-assessment', 'impact-assessment', 'Yes', 'In-progress'],
  [
    'hi_independent_review',
    'independent-review',
    'independent-review',
    'Internal Independent Review',
    'In-progress',
  ],
  ['hi_ongoing_monitoring', 'monitoring', 'monitoring', 'Yes - Monitoring Established', 'In-progress'],
  ['hi_training_established', 'training', 'training', 'Training Established', 'Training In-progress'],
  ['hi_failsafe_presence', 'oversight', 'fail-safe', 'Yes', 'In-progress'],
  ['hi_appeal_process', 'appeal', 'appeal', 'Appeal Process Established', 'Appeal Process In-progress'],
  ['hi_public_consultation', 'consultation', 'consultation', 'Other', 'In-progress'],
];

function practices(charter: Charter, on: Day): Row {
  const row: Row = { hi_potential_impacts: charter.impact.reason };
  for (const [column, provision, kind, done, open] of answered) {
    const waived = charter.waivers.some(
      (waiver) => waiver.provision === `m-25-21/${provision}` && waiverHolds(waiver, on),
    );
    const shown = currentEvidence(charter, kind, on) !== undefined;
    const answer = shown ? done : waived ? 'CAIO Waived' : open;
    row[column] = column === 'hi_public_consultation' ? writePythonList([answer]) : answer;
  }
  return row;
}
