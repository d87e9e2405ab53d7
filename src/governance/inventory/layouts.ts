import { columns2024 } from './columns-2024.ts';
import { riskColumns2024 } from './columns-2024-risk.ts';
import { columns2025 } from './columns-2025.ts';
import { riskColumns2025 } from './columns-2025-risk.ts';
import type { Column, Layout, Need } from './layout.ts';

const columns2023: readonly Column[] = [
  { key: 'Use_Case_ID', headers: ['Use_Case_ID'], kind: 'id', need: 'always' },
  { key: 'Department_Code', headers: ['Department_Code'], need: 'always' },
  { key: 'Agency', headers: ['Agency'] },
  { key: 'Office', headers: ['Office'] },
  { key: 'Title', headers: ['Title'], need: 'always' },
  { key: 'Summary', headers: ['Summary'], need: 'always' },
  { key: 'Development_Stage', headers: ['Development_Stage'] },
  { key: 'Techniques', headers: ['Techniques'] },
  { key: 'Source_Code', headers: ['Source_Code'] },
  { key: 'Department', headers: ['Department'], need: 'always' },
];

/** The twenty kinds of commercial AI that agencies report together (2025 guidance, section 1(a)(i)). */
export const commercialUses: readonly string[] = [
  'Scheduling internal-to-government meetings or appointments or setting reminders using AI.',
  'Logging and analyzing time spent on tasks using AI-powered time management tools.',
  'Transcribing, summarizing, or other efforts that improve the accessibility of a virtual meeting or interview using AI.',
  'Prioritizing and categorizing incoming emails using AI.',
  'Editing images, videos, or other public affairs materials using AI.',
  'Scheduling and managing social media posts using AI.',
  'Generating first drafts of documents, briefing, or communication materials using AI.',
  'Improving the quality of written communications using AI tools.',
  'Summarizing the key points of a lengthy report using AI.',
  'Creating visual representations of data sets for reports or presentations using AI.',
  'Using AI-assisted tools in word processors.',
  'Generating code using AI.',
  'Searching for agency information using a knowledge retrieval system.',
  'Identifying and cataloging items in a storage room using AI-driven image recognition.',
  'Managing or implementing security controls for information systems (e.g., cybersecurity) using AI',
  'Managing and prioritizing internal service or help desk tickets using AI.',
  'Curating news articles and updates based on user preferences using AI.',
  'Planning travel routes using AI-driven map applications.',
  'Finding and booking travel accommodations using AI-powered platforms.',
  'Unlocking smartphones or other devices without the need for passwords or PINs using AI-based facial recognition technology.',
];

const commercialColumns: readonly Column[] = [
  { key: 'agency', headers: ['Agency'], need: 'always' },
  { key: 'use_case', headers: ['AI Use Case'], need: 'always', choices: commercialUses },
  {
    key: 'in_use',
    headers: ['Agency Use (Y/N)?'],
    need: 'always',
    choices: ['Y', 'N'],
    variants: { Yes: 'Y', No: 'N' },
  },
  {
    key: 'product',
    headers: ['Name of Commercial Product or Service Used'],
    need: 'always',
    after: { key: 'in_use', answers: ['Y'] },
  },
  {
    key: 'licenses',
    headers: ['Estimated # of Licenses/Users'],
    need: 'always',
    after: { key: 'in_use', answers: ['Y'] },
    choices: ['1-100', '101-1000', '1001-5000', '5001-10,000', '10,000-50,000', '50,000+'],
  },
];

const stages2024 = [
  'Initiated',
  'Acquisition and/or Development',
  'Implementation and Assessment',
  'Operation and Maintenance',
];

/** Conditions of the 2024 dictionary: commercial products are asked less, retired uses only when they ended. */
function needs2024(need: Need, answer: (key: string) => string): boolean {
  const stage = stages2024.indexOf(answer('dev_stage'));
  const own = answer('commercial_ai') === 'None of the Above';
  const impact = answer('impact_type');
  const rights = impact === 'Rights-Impacting' || impact === 'Both';
  const impacting = rights || impact === 'Safety-Impacting';
  if (need === 'initiated') return own && stage >= 0;
  if (need === 'acquired') return own && stage >= 1;
  if (need === 'implemented') return own && stage >= 2;
  if (need === 'retired') return own && answer('dev_stage') === 'Retired';
  if (need === 'extension') return impacting && stage >= 2;
  const withoutExtension = stage >= 2 && answer('extension_request') === 'No';
  if (need === 'impacting') return impacting && withoutExtension;
  if (need === 'rights-impacting') return rights && withoutExtension;
  return need === 'always';
}

/** Conditions of the 2025 dictionary and reporting guidance, by stage and impact. */
function needs2025(need: Need, answer: (key: string) => string): boolean {
  const stage = answer('development_stage');
  if (need === 'active') return ['Pre-deployment', 'Pilot', 'Deployed'].includes(stage);
  if (need === 'in-use') return ['Pilot', 'Deployed'].includes(stage);
  if (need === 'high-impact-in-use')
    return stage === 'Deployed' && answer('is_high_impact') === 'High-impact';
  return need === 'always';
}

const always = (need: Need): boolean => need === 'always';

/** The files that can be read, newest first. */
export const layouts: readonly Layout[] = [
  {
    name: '2025',
    title: '2025 inventory, individually reported uses',
    columns: [...columns2025, ...riskColumns2025],
    id: 'id',
    agency: 'agency',
    stage: 'development_stage',
    retired: 'Retired',
    needs: needs2025,
  },
  {
    name: '2025-cots',
    title: '2025 inventory, commercial products reported together',
    columns: commercialColumns,
    agency: 'agency',
    needs: always,
  },
  {
    name: '2024',
    title: '2024 inventory',
    columns: [...columns2024, ...riskColumns2024],
    agency: 'agency_abbreviation',
    stage: 'dev_stage',
    retired: 'Retired',
    needs: needs2024,
  },
  {
    name: '2023',
    title: '2023 inventory',
    columns: columns2023,
    id: 'Use_Case_ID',
    agency: 'Department_Code',
    stage: 'Development_Stage',
    needs: always,
  },
];
