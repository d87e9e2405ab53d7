import type { Column } from './layout.ts';

/** What the 2024 inventory asks of uses that impact rights or safety. From the data dictionary of OMB for the year. */
export const riskColumns2024: readonly Column[] = [
  {
    key: 'extension_request',
    headers: [
      'Has your agency requested an extension to implement the minimum risk management practices for this AI use case?',
    ],
    need: 'extension',
    choices: ['Yes', 'No'],
  },
  {
    key: 'impact_assessment',
    headers: ['Has an AI impact assessment been conducted for this AI use case?'],
    need: 'impacting',
    choices: [
      'Yes',
      'Planned or in-progress.',
      'No',
      'Agency CAIO has waived this minimum practice and reported such waiver to OMB.',
    ],
  },
  {
    key: 'real_world_testing',
    headers: [
      'Has the AI use case been tested in operational or real-world environments to understand the performance and impact it may have on affected individuals or communities?',
    ],
    need: 'impacting',
    choices: [
      'No testing: No testing of the model to simulate performance in an operational environment has been conducted thus far.',
      'Benchmark evaluation: Testing of the AI model has involved the use of benchmarks (either publicly available or internally created) to estimate performance in real-world settings, but has not been tested in an operational environment.',
      'Performance evaluation in operational environment: The AI use case has been tested in an operational environment before being fully implemented as a solution, or has been tested in simulated or controlled environment using operational or synthetic data.',
      'Impact evaluation in operational environment: The AI use case has been tested in an operational environment before being fully implemented as a solution and has utilized randomized experiments with a control group or other counterfactual, social systems analysis, or other rigorous research methodologies to evaluate impact and identify potential harm to users as well as broader groups of people.',
      'Agency CAIO has waived this minimum practice and reported such waiver to OMB.',
    ],
  },
  {
    key: 'key_risks',
    headers: [
      'What are the key risks from using the AI for this particular use case and how were they identified?',
    ],
    need: 'impacting',
  },
  {
    key: 'independent_eval',
    headers: ['Has an independent evaluation of the AI use case been conducted?'],
    need: 'impacting',
    choices: [
      'Yes – by the CAIO',
      "Yes – by an agency AI oversight board not directly involved in the system's development",
      "Yes – by another appropriate agency office that was not directly involved in the system's development",
      'Planned or in-progress',
      'Agency CAIO has waived this minimum practice and reported such waiver to OMB.',
    ],
  },
  {
    key: 'monitor_postdeploy',
    headers: [
      'Is there a process to monitor performance of the AI system’s functionality and changes to its impact on rights or safety as part of the post-deployment plan for the AI use case?',
    ],
    need: 'impacting',
    choices: [
      'No monitoring protocols have been established: Necessary infrastructure needed to perform monitoring of AI systems in production is not available and/or a plan to monitor models has not yet been established.',
      'Intermittent and Manually Updated: A plan for monitoring the AI use case is in place, and requires data science teams to work with DevOps engineers to manually update models at scheduled intervals, and create metrics to detect data distribution shifts between the operational environment and the training data for the model.',
      'Automated and Regularly Scheduled Updates: Some aspects of the plan to monitor the AI system post-deployment are automated including re-training of models after detecting drift; however, data science teams are still significantly involved in the monitoring and re-deployment process.',
      'Established Process of Machine Learning Operations: Alongside automated testing and drift detection, model re-training and re-deployments are supported by continuous integration pipelines that are managed by machine learning and data engineers on the platform, adapting work done by data science team into repeatable scripts for re-training and re-testing a model once deployed.',
    ],
  },
  {
    key: 'autonomous_impact',
    headers: [
      'For this particular use case, can the AI carry out a decision or action without direct human involvement that could result in a significant impact on rights or safety?',
    ],
    need: 'impacting',
    choices: [
      'Yes - All individual decisions or actions are automated and may be rendered without direct human interaction.',
      'No - Some individual decisions or actions require direct human oversight.',
    ],
  },
  { key: 'autonomous_impact_other', headers: ['If Other, please explain.'] },
  {
    key: 'ai_notice',
    kind: 'list',
    headers: [
      'How is the agency providing reasonable and timely notice regarding the use of AI when people interact with an AI-enabled service as a result of this AI use case?',
    ],
    need: 'impacting',
    choices: [
      'N/A – individuals are not interacting with the AI for this use case.',
      'Online - in the terms or instructions for the service.',
      'Email',
      'In-person',
      'Mail',
      'Telephone',
      'None of the above',
      'Agency CAIO has waived this minimum practice and reported such waiver to OMB.',
    ],
  },
  { key: 'ai_notice_other', headers: ['If Other, please explain.'] },
  {
    key: 'adverse_impact',
    headers: [
      'Is the AI used to significantly influence or inform decisions or actions that could have an adverse or negative impact on specific individuals or groups?',
    ],
    need: 'rights-impacting',
    choices: ['Yes', 'No'],
  },
  {
    key: 'disparity_mitigation',
    headers: [
      'What steps has the agency taken to detect and mitigate significant disparities in the model’s performance across demographic groups for this AI use case?',
    ],
    need: 'rights-impacting',
  },
  {
    key: 'stakeholder_consult',
    kind: 'list',
    headers: [
      'What steps has the agency taken to consult and incorporate feedback from groups affected by this AI use case?',
    ],
    need: 'rights-impacting',
    choices: [
      'Direct user testing',
      'General solicitations of comments from the public',
      'Post-transaction customer feedback collections',
      'Public hearings or meetings',
      'Outreach to relevant labor organizations',
      'None of the above',
      'Agency CAIO has waived this minimum practice and reported such waiver to OMB.',
    ],
  },
  { key: 'stakeholder_consult_other', headers: ['If Other, please explain.'] },
  {
    key: 'appeal_process',
    headers: [
      'Is there an established fallback and escalation process for this AI use case in the event that an impacted individual or group would like to appeal or contest the AI system’s outcome?',
    ],
    need: 'rights-impacting',
    choices: [
      'Yes',
      'No – it is not operationally practical to offer this. (Please explain.)',
      'No – Law, operational limitations, or governmentwide guidance precludes an opportunity for an individual to appeal. (Please explain.)',
      'Agency CAIO has waived this minimum practice and reported such waiver to OMB.',
    ],
  },
  {
    key: 'no_appeal_reason',
    headers: ['If No, please explain.'],
    need: 'rights-impacting',
    after: { key: 'appeal_process', answers: ['No – it is not', 'No – Law, oper'] },
  },
  {
    key: 'opt_out',
    headers: [
      'Where practicable and consistent with applicable law and governmentwide policy, is there an established mechanism for individuals to opt-out from the AI functionality in favor of a human alternative?',
    ],
    need: 'rights-impacting',
    choices: [
      'Yes',
      'No – This AI use case is not subject to the opt-out requirement because the AI functionality is solely used for the prevention, detection, and investigation of fraud or cybersecurity incidents, or the conduct of a criminal investigation.',
      'No – There is law or governmentwide guidance that restricts opt-out for this context.',
      'Agency CAIO has waived this minimum practice and reported such waiver to OMB.',
    ],
  },
  { key: 'opt_out_other', headers: ['If Other, please explain.'] },
];
