import type { Column } from './layout.ts';

/** What the 2025 inventory asks of deployed high-impact uses: the minimum practices of M-25-21. From the data dictionary of OMB for the year. */
export const riskColumns2025: readonly Column[] = [
  {
    key: 'hi_testing_conducted',
    headers: [
      'hi_testing_conducted',
      'Has pre-deployment testing been conducted for this AI use case? Practice: Complete AI Impact Assessment',
    ],
    need: 'high-impact-in-use',
    choices: ['Yes', 'In-progress', 'CAIO Waived'],
    variants: {
      'a) Yes': 'Yes',
      'b) In-progress': 'In-progress',
      'c) Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
      'Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
    },
  },
  {
    key: 'hi_assessment_completed',
    headers: [
      'hi_assessment_completed',
      'Has an AI impact assessment been completed for this AI use case? Practice: Complete AI Impact Assessment',
    ],
    need: 'high-impact-in-use',
    choices: ['Yes', 'In-progress', 'CAIO Waived'],
    variants: {
      'a) Yes': 'Yes',
      'b) In-progress': 'In-progress',
      'c) Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
      'Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
    },
  },
  {
    key: 'hi_potential_impacts',
    headers: [
      'hi_potential_impacts',
      'What are the potential impacts of using the AI for this particular use case and how were they identified? Subpractice: Complete AI Impact Assessment',
    ],
    need: 'high-impact-in-use',
  },
  {
    key: 'hi_independent_review',
    headers: [
      'hi_independent_review',
      'Has as independent review of the AI use case been conducted? Sub practice Complete AI Impact Assessment',
    ],
    need: 'high-impact-in-use',
    choices: [
      'Internal Independent Review',
      'Oversight Board Review',
      'CAIO Review',
      'In-progress',
      'CAIO Waived',
    ],
    variants: {
      'a) Yes – by another appropriate agency office or reviewer not directly involved in the AI’s development':
        'Internal Independent Review',
      'Yes – by another appropriate agency office or reviewer not directly involved in the AI’s development':
        'Internal Independent Review',
      'b) Yes – by an agency AI oversight board not directly involved in the AI’s development':
        'Oversight Board Review',
      'Yes – by an agency AI oversight board not directly involved in the AI’s development':
        'Oversight Board Review',
      'c) Yes – by the CAIO': 'CAIO Review',
      'Yes – by the CAIO': 'CAIO Review',
      'd) In-progress': 'In-progress',
      'e) Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
      'Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
    },
  },
  {
    key: 'hi_ongoing_monitoring',
    headers: [
      'hi_ongoing_monitoring',
      'Is there a process to conduct ongoing monitoring to identify any adverse impacts to the performance and security of the AI functionality, as well as to privacy, civil rights, and civil liberties? Practice: Conduct Ongoing Monitoring for Performance and Potential Adverse Impacts',
    ],
    need: 'high-impact-in-use',
    choices: ['Yes - Monitoring Established', 'In-progress', 'CAIO Waived'],
    variants: {
      'a) Yes, sufficient monitoring protocols have been established': 'Yes - Monitoring Established',
      'Yes, sufficient monitoring protocols have been established': 'Yes - Monitoring Established',
      'b) Development of monitoring protocols is in-progress': 'In-progress',
      'Development of monitoring protocols is in-progress': 'In-progress',
      'c) Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
      'Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
    },
  },
  {
    key: 'hi_training_established',
    headers: [
      'hi_training_established',
      'Has the agency established sufficient and periodic training for operators of the AI to interpret and act on the its output and managed associated risks? Practice: Ensure Adequate Human Training and Assessment',
    ],
    need: 'high-impact-in-use',
    choices: ['Training Established', 'Training In-progress', 'CAIO Waived'],
    variants: {
      'a) Yes, sufficient and periodic training has been established': 'Training Established',
      'Yes, sufficient and periodic training has been established': 'Training Established',
      'b) Establishment of sufficient and periodic training is in-progress': 'Training In-progress',
      'Establishment of sufficient and periodic training is in-progress': 'Training In-progress',
      'c) Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
      'Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
    },
  },
  {
    key: 'hi_failsafe_presence',
    headers: [
      'hi_failsafe_presence',
      'Does this AI use case have an appropriate fail-safe that minimizes the risk of significant harm? Practice: Provide Additional Human Oversight, Intervention, and Accountability',
    ],
    need: 'high-impact-in-use',
    choices: ['Yes', 'Not Applicable', 'In-progress', 'CAIO Waived'],
    variants: {
      'a) Yes': 'Yes',
      'b) Not applicable': 'Not Applicable',
      'Not applicable': 'Not Applicable',
      'c) In-progress': 'In-progress',
      'd) Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
      'Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
    },
  },
  {
    key: 'hi_appeal_process',
    headers: [
      'hi_appeal_process',
      'Is there an established appeal process in the event that an impacted individual would like to appeal or contest the AI system’s outcome? Practice: Offer Consistent Remedies or Appeals',
    ],
    need: 'high-impact-in-use',
    choices: [
      'Appeal Process Established',
      'Not Applicable',
      'Appeal Process In-progress',
      'Appeal Precluded by Law',
      'CAIO Waived',
    ],
    variants: {
      'a) Yes, an appropriate appeal process has been established': 'Appeal Process Established',
      'Yes, an appropriate appeal process has been established': 'Appeal Process Established',
      'b) Not applicable': 'Not Applicable',
      'Not applicable': 'Not Applicable',
      'c) Establishment of an appropriate appeal process is in-progress': 'Appeal Process In-progress',
      'Establishment of an appropriate appeal process is in-progress': 'Appeal Process In-progress',
      'd) Law, operational limitations, or governmentwide guidance precludes an opportunity for an individual to appeal':
        'Appeal Precluded by Law',
      'Law, operational limitations, or governmentwide guidance precludes an opportunity for an individual to appeal':
        'Appeal Precluded by Law',
      'e) Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
      'Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
    },
  },
  {
    key: 'hi_public_consultation',
    headers: [
      'hi_public_consultation',
      'What steps has the agency taken to consult and incorporate feedback from end users of this AI use case and the public? Practice: Consult and Incorporate Feedback from End Users and the Public',
    ],
    kind: 'list',
    need: 'high-impact-in-use',
    choices: [
      'Usability Testing',
      'Public Feedback Solicitations',
      'Public Hearings',
      'Other',
      'In-progress',
      'CAIO Waived',
    ],
    variants: {
      'a) Direct usability testing': 'Usability Testing',
      'Direct usability testing': 'Usability Testing',
      'b) General solicitations of feedback and comments from the public': 'Public Feedback Solicitations',
      'General solicitations of feedback and comments from the public': 'Public Feedback Solicitations',
      'c) Public hearings or meetings': 'Public Hearings',
      'Public hearings or meetings': 'Public Hearings',
      'd) Other': 'Other',
      'e) In-progress': 'In-progress',
      'f) Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
      'Agency CAIO has waived this minimum practice and reported such waiver to OMB': 'CAIO Waived',
      'General solicitations of comments from the public': 'Public Feedback Solicitations',
    },
  },
];
