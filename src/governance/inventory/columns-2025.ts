import type { Column } from './layout.ts';

/** What the 2025 inventory asks of every use. From the data dictionary of OMB for the year. */
export const columns2025: readonly Column[] = [
  { key: 'agency', headers: ['agency'] },
  { key: 'agency_name', headers: ['agency_name', 'Agency Name'] },
  { key: 'id', headers: ['id', 'Use Case ID [Agency Abbrev.] – [#]'], kind: 'id', need: 'always' },
  { key: 'use_case_name', headers: ['use_case_name', 'Use Case Name'], need: 'always' },
  { key: 'agency_bureau', headers: ['agency_bureau', 'Bureau/Component'], need: 'always' },
  { key: 'contact_email', headers: ['contact_email', 'Email Address'], kind: 'email', need: 'always' },
  {
    key: 'is_withheld',
    headers: ['is_withheld', 'Should this AI use case be withheld from public reporting?'],
    need: 'always',
    choices: ['No', 'Yes - Disclosure Risk', 'Yes - Prohibited by Law', 'Other'],
    variants: {
      'a) No': 'No',
      'b) Yes – agency has determined that there’s a risk to disclosure, such as a harm to an interest protected by a FOIA exemption':
        'Yes - Disclosure Risk',
      'Yes – agency has determined that there’s a risk to disclosure, such as a harm to an interest protected by a FOIA exemption':
        'Yes - Disclosure Risk',
      'c) Yes – disclosure is prohibited by law': 'Yes - Prohibited by Law',
      'Yes – disclosure is prohibited by law': 'Yes - Prohibited by Law',
      'd) Other': 'Other',
    },
  },
  {
    key: 'development_stage',
    headers: ['development_stage', 'Stage of Development'],
    need: 'always',
    choices: ['Pre-deployment', 'Pilot', 'Deployed', 'Retired'],
    variants: {
      'a) Pre-deployment – The use case is in a development or acquisition status.': 'Pre-deployment',
      'Pre-deployment – The use case is in a development or acquisition status.': 'Pre-deployment',
      'b) Pilot – The use case has been deployed in a limited test or pilot capacity.': 'Pilot',
      'Pilot – The use case has been deployed in a limited test or pilot capacity.': 'Pilot',
      'c) Deployed – The use case is being actively authorized or utilized to support the functions or mission of an agency.':
        'Deployed',
      'Deployed – The use case is being actively authorized or utilized to support the functions or mission of an agency.':
        'Deployed',
      'd) Retired – The use case was reported in the agency’s prior year’s inventory, but its development and/or use has since been discontinued.':
        'Retired',
      'Retired – The use case was reported in the agency’s prior year’s inventory, but its development and/or use has since been discontinued.':
        'Retired',
    },
  },
  {
    key: 'is_high_impact',
    headers: ['is_high_impact', 'Is the AI use case high-impact?'],
    need: 'always',
    choices: ['High-impact', 'Presumed High-Impact, but Not High-impact', 'Not High-impact'],
    variants: {
      'a) High-impact': 'High-impact',
      'b) Presumed high-impact, but determined not high impact': 'Presumed High-Impact, but Not High-impact',
      'Presumed high-impact, but determined not high impact': 'Presumed High-Impact, but Not High-impact',
      'c) Not high-impact': 'Not High-impact',
      'Not high-impact': 'Not High-impact',
    },
  },
  {
    key: 'HI_justification',
    headers: ['HI_justification', 'Justification'],
    need: 'always',
    after: { key: 'is_high_impact', answers: ['Presumed'] },
  },
  {
    key: 'topic_area',
    headers: ['topic_area', 'Use Case Topic Area'],
    need: 'active',
    choices: [
      'Admin Functions',
      'Cybersecurity',
      'Emergency Mgmt',
      'Energy and Environment',
      'Benefits Processing',
      'Health and Medical',
      'HR',
      'IT',
      'International Affairs',
      'Law Enforcement',
      'Other',
      'Procurement and Finance Mgmt',
      'Science',
      'Service Delivery',
      'Transportation',
    ],
    variants: {
      'Administrative Functions': 'Admin Functions',
      'Emergency Management': 'Emergency Mgmt',
      'Energy and the Environment': 'Energy and Environment',
      'Government Benefits Processing': 'Benefits Processing',
      'Human Resources': 'HR',
      'Information Technology': 'IT',
      'Procurement and Financial Management': 'Procurement and Finance Mgmt',
      'Other (use other text field)': 'Other',
    },
  },
  {
    key: 'classification',
    headers: ['classification', 'AI Classification'],
    need: 'active',
    choices: [
      'Agentic AI',
      'Classical ML',
      'Computer Vision',
      'Generative AI',
      'NLP',
      'Reinforcement Learning',
    ],
    variants: {
      'Agentic AI: AI systems that perform tasks or make decisions autonomously with minimal human intervention.':
        'Agentic AI',
      'Classical/Predictive Machine Learning: Models trained on data to make predictions or classifications based on identified patterns or relationships.':
        'Classical ML',
      'Computer Vision: AI that processes and interprets visual data (e.g., images and videos).':
        'Computer Vision',
      'Generative AI: AI that generates new or synthetic content (e.g., images, videos, audio, text, code).':
        'Generative AI',
      'Natural Language Processing: AI that processes, interprets, and shares information in human language.':
        'NLP',
      'Reinforcement Learning: AI trained through trial and error using rewards and penalties to optimize decision-making policies.':
        'Reinforcement Learning',
    },
  },
  {
    key: 'problem_solved',
    headers: ['problem_solved', 'What problem is the AI intended to solve?'],
    need: 'active',
  },
  {
    key: 'benefits',
    headers: [
      'benefits',
      'What are the expected benefits and positive outcomes from the AI for an agency’s mission and/or the general public?',
    ],
    need: 'active',
  },
  { key: 'system_outputs', headers: ['system_outputs', 'Describe the AI system’s outputs.'], need: 'active' },
  {
    key: 'operational_date',
    headers: ['operational_date', 'Date when AI use case became operational or the pilot’s start date'],
    kind: 'date',
    need: 'in-use',
  },
  {
    key: 'contracting_usage',
    headers: [
      'contracting_usage',
      'Was the system involved in this use case purchased from a vendor or developed under contract(s) or in-house?',
    ],
    need: 'in-use',
    choices: ['Vendor Purchased', 'In-house Development', 'Contracting and In House'],
    variants: {
      'a) Purchased from a vendor': 'Vendor Purchased',
      'Purchased from a vendor': 'Vendor Purchased',
      'b) Developed in-house': 'In-house Development',
      'Developed in-house': 'In-house Development',
      'c) Developed with both contracting and in-house resources': 'Contracting and In House',
      'Developed with both contracting and in-house resources': 'Contracting and In House',
    },
  },
  {
    key: 'vendor_name',
    headers: ['vendor_name', 'Vendor(s) Name'],
    need: 'in-use',
    after: { key: 'contracting_usage', answers: ['Vendor', 'Contracting'] },
  },
  {
    key: 'have_ato',
    headers: ['have_ato', 'Does this AI use case have an associated Authorization to Operate (ATO)?'],
    need: 'in-use',
    choices: ['No', 'Yes'],
  },
  {
    key: 'system_name_ato',
    headers: ['system_name_ato', 'System(s) Name'],
    need: 'in-use',
    after: { key: 'have_ato', answers: ['Yes'] },
  },
  {
    key: 'data_description',
    headers: [
      'data_description',
      'Describe any data used to train, fine-tune, and/or evaluate performance of the model(s) used in this use case.',
    ],
    need: 'in-use',
  },
  {
    key: 'link_to_data',
    headers: [
      'link_to_data',
      'If the data is required to be publicly disclosed as an open government data asset, provide a link to the entry on the Federal Data Catalog.',
    ],
  },
  {
    key: 'has_pii',
    headers: [
      'has_pii',
      'Does this AI use case involve personally identifiable information (PII) that is maintained by the agency?',
    ],
    need: 'in-use',
    choices: ['No', 'Yes'],
  },
  {
    key: 'pia_url',
    headers: [
      'pia_url',
      'If publicly available, provide the link to the AI use case’s associated Privacy Impact Assessment (PIA).',
    ],
  },
  {
    key: 'demographic_features',
    headers: [
      'demographic_features',
      'Which, if any, demographic variables does the AI use case explicitly use as model features?',
    ],
    kind: 'list',
    need: 'in-use',
    choices: [
      'a) Race/Ethnicity',
      'b) Sex',
      'c) Age',
      'd) Religious Affiliation',
      'e) Socioeconomic Status',
      'f) Ability Status',
      'g) Residency Status',
      'h) Marital Status',
      'i) Income',
      'j) Employment Status',
      'k) None of the above',
      'l) Other',
    ],
    variants: {
      'Race/Ethnicity': 'a) Race/Ethnicity',
      Sex: 'b) Sex',
      Age: 'c) Age',
      'Religious Affiliation': 'd) Religious Affiliation',
      'Socioeconomic Status': 'e) Socioeconomic Status',
      'Ability Status': 'f) Ability Status',
      'Residency Status': 'g) Residency Status',
      'Marital Status': 'h) Marital Status',
      Income: 'i) Income',
      'Employment Status': 'j) Employment Status',
      'None of the above': 'k) None of the above',
      Other: 'l) Other',
    },
  },
  {
    key: 'has_custom_code',
    headers: ['has_custom_code', 'Does this project include custom-developed code?'],
    need: 'in-use',
    choices: ['No', 'Yes'],
  },
  {
    key: 'code_url',
    headers: [
      'code_url',
      'If the code is open source, provide the link for the publicly available source code.',
    ],
  },
];
