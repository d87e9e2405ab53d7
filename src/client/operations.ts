// Made by scripts/write-client.ts from the routes of the server. Do not edit.

export type Session = {
  state: 'none' | 'second-factor' | 'enrol' | 'locked' | 'banner' | 'open';
  ways?: ('password' | 'passkey' | 'provider')[];
  person?: { id: string; login: string; name: string };
  factors?: ('app' | 'passkey' | 'recovery-code')[];
  banner?: string;
  grants?: { site: string; role: string }[];
  expiresAt?: string;
};

export type Passkey = {
  id: string;
  name: string;
  createdAt: string;
  usedAt: string | null;
  transports: string[];
  backedUp: boolean;
  suspendedAt: string | null;
};

export type OwnSession = {
  id: string;
  here: boolean;
  startedAt: string;
  usedAt: string;
  expiresAt: string;
  address: string | null;
  device: string | null;
};

export type Identity = { issuer: string; subject: string };

export type Site = { id: string; name: string; timeZone: string };

export type Person = {
  id: string;
  login: string;
  name: string;
  disabled: boolean;
  grants: {
    site: string;
    role:
      | 'viewer'
      | 'officer'
      | 'analyst'
      | 'operator'
      | 'annotator'
      | 'investigator'
      | 'supervisor'
      | 'privacy'
      | 'civil-rights'
      | 'ai-governance'
      | 'admin';
  }[];
};

export type Token = {
  id: string;
  name: string;
  scopes: ('read' | 'write' | 'upload' | 'jobs' | 'people' | 'settings')[];
  createdAt: string;
  expiresAt: string;
  usedAt: string | null;
  revokedAt: string | null;
};

export type PersonReset = {
  id: string;
  what: 'password' | 'second-factor';
  reason: string | null;
  askedBy: string;
  askedAt: string;
  usedAt: string | null;
  signedInAt: string | null;
};

export type Case = {
  id: string;
  site: string;
  use: string;
  number: string;
  kind: 'foia' | 'court' | 'partner' | 'internal';
  title: string;
  receivedAt: string;
  owner: string;
  assignees: CaseAssignee[];
  state: 'open' | 'closed';
  dueAt: string | null;
  extensions: { from: string | null; to: string | null; reason: string; by: string; at: string }[];
  createdAt: string;
  closedAt: string | null;
  version: number;
};

export type CaseAssignee = { person: string; role: 'reviewer' | 'approver' | 'counsel' | 'records' };

export type Asset = {
  id: string;
  case: string;
  site: string;
  name: string;
  mediaType: string;
  nameMismatch: boolean;
  bytes: number;
  sha256: string;
  role: 'original' | 'output' | 'record' | 'proxy' | 'thumbnail' | 'waveform';
  exhibit: number | null;
  derivedFrom: string | null;
  retention: string;
  legalHold: boolean;
  createdAt: string;
  erasedAt: string | null;
};

export type Proxy = {
  state: 'none' | 'queued' | 'running' | 'ready' | 'failed';
  job: string | null;
  progress: { stage: string; done: number; total?: number; unit: string } | null;
  error: { code: string; message: string; remedy: string } | null;
  made: {
    kind: 'video' | 'sound' | 'picture' | 'index' | 'poster' | 'thumbnail' | 'strip' | 'waveform';
    mediaType: string;
    bytes: number;
    sha256: string;
    madeAt: string;
  }[];
};

export type Job = {
  id: string;
  site: string;
  case: string | null;
  by: string;
  about: { asset?: string; review?: string };
  use: string;
  queue: string;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  attempt: number;
  progress: { stage: string; done: number; total?: number; unit: string } | null;
  result: Record<string, unknown> | null;
  error: { code: string; message: string; remedy: string } | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
};

export type Service = {
  id: string;
  site: string;
  use: string;
  kind: string;
  wanted: 'running' | 'stopped';
  state: 'waiting' | 'running' | 'failed' | 'stopped';
  holder: string | null;
  heartbeatAt: string | null;
  startedAt: string | null;
  restarts: number;
  lastError: { code: string; message: string; remedy: string } | null;
  note: Record<string, unknown> | null;
  createdAt: string;
};

export type Chore = {
  name: string;
  everySeconds: number;
  state: 'waiting' | 'running' | 'failing';
  dueAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  result: Record<string, number> | null;
  error: { code: string; message: string; remedy: string } | null;
  failures: number;
};

export type Observation = {
  id: string;
  site: string;
  asset: string | null;
  camera: string | null;
  seenAt: string;
  at: number;
  class: string;
  score: number;
  box: { x: number; y: number; width: number; height: number };
  track: string | null;
  text: string | null;
  model: string;
  modelDigest: string;
};

export type Finding = {
  id: string;
  site: string;
  case: string | null;
  use: string;
  kind: string;
  score: number | null;
  reasons: string[];
  evidence: Record<string, unknown>;
  models: { id: string; digest: string }[];
  createdAt: string;
  assignedTo: string | null;
  assignedAt: string | null;
};

export type Decision = {
  id: string;
  finding: string;
  disposition: string;
  reason: string;
  decidedBy: string;
  createdAt: string;
  takenAt: string | null;
};

export type Seeded = { truth: 'wrong' | 'right'; agreed: boolean; explanation: string };

export type Release = {
  id: string;
  case: string;
  asset: string;
  recipient: string;
  basis: string;
  releasedBy: string;
  createdAt: string;
};

export type Webhook = {
  id: string;
  url: string;
  kinds: string[];
  failures: number;
  disabledAt: string | null;
  createdAt: string;
};

export type Activity = {
  index: number;
  at: string;
  kind: string;
  actor: string;
  subjects: Record<string, string>;
};

export type Colleague = { id: string; name: string; disabled: boolean };

export type Today = {
  from: string;
  to: string;
  received: { cases: number; assets: number; bytes: number };
  waiting: {
    findings: number;
    unassigned: number;
    oldestFinding: string | null;
    openCases: number;
    overdue: number;
    dueSoon: number;
  };
  decided: { findings: number; closedCases: number; releases: number };
  uses: {
    use: string;
    proposed: number;
    dismissed: Measured;
    secondsToDecide: Measured;
    secondsInHand: Measured;
    hoursReturned: Measured;
    minutesByHand: number | null;
    machineSeconds: number;
  }[];
  load: { person: string; name: string; decisions: number; perHour: Measured }[];
  jobs: { queued: number; running: number; done: number; failed: Measured };
  services: { running: number; waiting: number; failed: number };
};

export type Measured = { value: number | null; low: number | null; high: number | null; n: number };

export type Baseline = { use: string; minutes: number; source: string; setBy: string; setAt: string };

export type Model = {
  id: string;
  version: string;
  digest: string;
  licence: string;
  licenceClear: boolean;
  state: 'installed' | 'not installed' | 'user';
  purpose: string;
  limits: string;
  source: string;
  family: string;
  input: { width: number; height: number; dynamic: boolean };
  classes: string[];
};

export type Refusal = {
  id: number;
  at: string;
  kind: string;
  address: string;
  person: string | null;
  count: number;
};

export type RetentionClass = { name: string; days: number | null; countsFrom: string; description: string };

export type Welcome = { firstRun: boolean };

export type UseRegistration = {
  id: string;
  use: string;
  version: number;
  charterDigest: string;
  impact: string;
  purposes: string[];
  models: { id: string; digest: string; threshold: unknown[] }[];
  author: string;
  registeredAt: string;
  signOffs: {
    office: 'privacy' | 'civil-rights' | 'ocio' | 'caio';
    person: string;
    verdict: 'signed' | 'returned';
    reason: string;
    at: string;
  }[];
  openQuestions: number;
  lacks: string[];
};

export type Suspension = {
  id: string;
  use: string;
  cause: 'person' | 'test' | 'drift' | 'incident';
  reason: string;
  by: string;
  at: string;
  told: string[];
  liftedAt: string | null;
  liftedBy: string | null;
  liftReason: string | null;
};

export type QuestionThread = {
  id: string;
  office: 'privacy' | 'civil-rights' | 'ocio' | 'caio';
  words: { side: 'asks' | 'answers'; role: string; person: string; said: string; at: string }[];
  settledBy: string | null;
  settledAt: string | null;
};

export type Waiver = {
  id: string;
  registration: string;
  kind: 'waiver' | 'pilot';
  requirement: 'tests' | 'training';
  site: string;
  publicSummary: string;
  grantedAt: string;
  expires: string;
  reportBy: string;
  reportedAt: string | null;
  revokedAt: string | null;
};

export type PermitView = {
  id: string;
  registration: string;
  use: string;
  site: string;
  purpose: string;
  models: string[];
  issuedBy: string;
  issuedAt: string;
  expires: string;
  state: 'live' | 'expired' | 'revoked' | 'lacking';
  lacks: string[];
};

export type EnforcementRecord = {
  id: string;
  site: string;
  action: string;
  authority: string;
  proposedBy: string;
  proposedAt: string;
  confirmedBy: string | null;
  confirmedAt: string | null;
  evidence: {
    id: string;
    kind: string;
    label: 'lead' | 'evidence';
    what: string;
    foundBy: string | null;
    restsOnAi: boolean;
    finding: string | null;
    model: string | null;
    threshold: number | null;
    errorRate?: { kind: string; errors: number; trials: number; low: number; high: number };
  }[];
};

export type EqualService = {
  use: string;
  from: string;
  planned: number;
  lanes: {
    site: string;
    lane: string;
    captured: {
      passages: number;
      referred: { count: number; low: number; high: number };
      refused: { count: number; low: number; high: number };
    };
    optedOut: {
      passages: number;
      referred: { count: number; low: number; high: number };
      refused: { count: number; low: number; high: number };
    };
    comparisons: {
      measure: 'waiting' | 'processing' | 'referred' | 'refused';
      difference: { difference: number; low: number; high: number } | null;
      p: number | null;
      verdict: 'worse' | 'better' | 'no-difference-found' | 'not-estimable';
      finding: string;
    }[];
  }[];
};

export type CaptureNotice = {
  id: string;
  use: string;
  language: string;
  version: number;
  notice: string;
  optingOut: string;
  counsel: string;
  effective: string;
  ends: string;
  current: boolean;
};

export type RedressRequest = {
  id: string;
  site: string;
  kind: 'correction' | 'appeal';
  about: 'finding' | 'decision' | 'enforcement' | 'request';
  aboutId: string;
  caseReference: string;
  rule: string;
  receivedAt: string;
  dueAt: string;
  extension: { from: string; reason: string; by: string } | null;
  decision: { outcome: 'granted' | 'partly' | 'denied'; reason: string; by: string; at: string } | null;
  notifiedAt: string | null;
  recipients: { id: string; recipient: string; toldAt: string | null }[];
  open: 'decide' | 'notify' | 'tell' | null;
  overdue: boolean;
};

export type PublicUse = {
  use: string;
  version: number;
  title: string;
  summary: string;
  stage: 'pre-deployment' | 'pilot' | 'deployed' | 'retired';
  impact: { class: 'high-impact' | 'presumed-but-not' | 'not-high-impact'; reason: string };
  decides: { who: string; what: string };
  never: string[];
  authority: string[];
  models: { id: string; task: string; digest: string }[];
  decided: { n: number; dismissed: number; low: number; high: number } | null;
  groups: {
    test: string;
    kind: string;
    modelDigest: string;
    testedAt: string;
    simulated: boolean;
    groups: {
      name: string;
      fmr: { count: number; trials: number; rate: number | null; low: number; high: number };
      fnmr: { count: number; trials: number; rate: number | null; low: number; high: number };
    }[];
    fourFifths: { ratio: number | null; verdict: 'kept' | 'below' | 'not-estimable' };
  }[];
  captures: { captured: number | null; optedOut: number | null };
  waivers: string[];
  stopped: boolean;
};

export type CalendarEntry = {
  kind:
    | 'permit'
    | 'test'
    | 'training'
    | 'waiver'
    | 'waiver-report'
    | 'evidence'
    | 'notice'
    | 'correction'
    | 'appeal';
  id: string;
  use: string;
  what: string;
  at: string;
  daysLeft: number;
};

export type UseToReview = {
  registration: string;
  use: string;
  version: number;
  title: string;
  impact: string;
  author: string;
  registeredAt: string;
  offices: {
    office: 'privacy' | 'civil-rights' | 'ocio' | 'caio';
    state: 'waiting' | 'signed' | 'returned';
    person: string | null;
    reason: string | null;
    at: string | null;
  }[];
  questions: { question: string; answer: string }[];
  evidence: { kind: string; what: string; where: string; expires: string | null }[];
  lacks: string[];
};

export type AiIncident = {
  id: string;
  use: string;
  severity: 'low' | 'moderate' | 'serious' | 'critical';
  what: string;
  happenedAt: string;
  reportedBy: string;
  reportedAt: string;
  told: string[];
  toldOutside: string[];
  suspension: string | null;
  closedAt: string | null;
  resolution: string | null;
};

export type MyTraining = {
  id: string;
  version: number;
  use: string;
  title: string;
  forMe: boolean;
  inForce: boolean;
  state: 'none' | 'open' | 'failed' | 'passed' | 'expired';
  expires: string | null;
};

export type OfficerNotice = {
  id: string;
  use: string;
  site: string;
  version: number;
  putAt: string;
  readAt: string | null;
  stale: boolean;
  content: {
    summary: string;
    limits: string[];
    models: { id: string; digest: string; threshold: unknown[] }[];
    errorRates: { kind: string; errors: number; trials: number; source: string; low: number; high: number }[];
  };
};

export type SeedPlan = {
  id: string;
  site: string;
  use: string;
  kind: string;
  rate: number;
  wrongShare: number;
  reason: string;
  setAt: string;
  endedAt: string | null;
  stock: number;
};

export type SeededShare = { value: number | null; low: number; high: number; n: number };

export type AcceptanceSet = {
  claims: {
    format: 'tidewaiter-acceptance-set-1';
    name: string;
    items: number;
    commitment: string;
    plan: {
      schema: 1;
      use: string;
      kind: 'detection' | 'comparison';
      iou: number;
      threshold: number;
      goals: {
        measure: 'recall' | 'precision' | 'average-precision' | 'fmr' | 'fnmr';
        atLeast?: number;
        atMost?: number;
      }[];
      sample: { truths?: number; mated?: number; nonmated?: number };
      limits: { startSeconds: number; itemSeconds: number; totalSeconds: number; memoryMiB: number };
      months: number;
      simulated: boolean;
    };
    admitted: string[] | null;
    sealedAt: string;
  };
  labKey: string;
  registeredBy: string;
  registeredAt: string;
};

export type AcceptanceSubmission = {
  id: string;
  commitment: string;
  claims: {
    format: 'tidewaiter-acceptance-1';
    tool: { name: string; version: string };
    startedAt: string;
    madeAt: string;
    set: {
      format: 'tidewaiter-acceptance-set-1';
      name: string;
      items: number;
      commitment: string;
      plan: {
        schema: 1;
        use: string;
        kind: 'detection' | 'comparison';
        iou: number;
        threshold: number;
        goals: {
          measure: 'recall' | 'precision' | 'average-precision' | 'fmr' | 'fnmr';
          atLeast?: number;
          atMost?: number;
        }[];
        sample: { truths?: number; mated?: number; nonmated?: number };
        limits: { startSeconds: number; itemSeconds: number; totalSeconds: number; memoryMiB: number };
        months: number;
        simulated: boolean;
      };
      admitted: string[] | null;
      sealedAt: string;
    };
    submission: { vendor: string; kind: 'model' | 'process'; name: string; digest: string; card?: string };
    confinement: 'namespaces' | 'none';
    answered: number;
    fault: { kind: string; item: number; message: string } | null;
    answers: string;
    measures: {
      name: 'recall' | 'precision' | 'average-precision' | 'fmr' | 'fnmr';
      value: number | null;
      low: number;
      high: number;
      n: number;
    }[];
    goals: {
      measure: 'recall' | 'precision' | 'average-precision' | 'fmr' | 'fnmr';
      atLeast?: number;
      atMost?: number;
      verdict: 'passed' | 'failed' | 'not-estimable';
      why: string;
    }[];
    verdict: 'passed' | 'failed' | 'not-estimable';
  };
  reportDigest: string;
  submittedBy: string;
  submittedAt: string;
  test: string | null;
};

export type DriftCheck = {
  use: string;
  day: string;
  result: {
    scores: number;
    psi: number | null;
    ks: number | null;
    decided: number;
    confirmed: { value: number; low: number; high: number } | null;
    beyond: string[];
  };
  suspension: string | null;
};

export type UseDocument = {
  id: string;
  version: number;
  digest: string;
  author: string;
  at: string;
  sealedAt: string | null;
  sealedBy: string | null;
  content: UseDocumentContent;
};

export type UseDocumentContent = {
  schema: 1;
  kind: 'privacy-threshold-analysis' | 'ai-impact-assessment';
  use: string;
  title: string;
  revision: number;
  charterDigest: string;
  sections: string[];
  answers: {
    id: string;
    section: string;
    question: string;
    text: string;
    source:
      | { from: 'charter' }
      | { from: 'platform' }
      | { from: 'person'; by: string; at: string }
      | { from: 'open' };
  }[];
  tables: { id: string; section: string; title: string; columns: string[]; rows: string[][] }[];
};

export type BuiltInCharter = {
  charter: {
    schema: 1;
    use: string;
    revision: number;
    title: string;
    purpose: string;
    publicSummary: string;
    stage: 'pre-deployment' | 'pilot' | 'deployed' | 'retired';
    operational?: string;
    authority: { citation: string; allows: string }[];
    does: (
      | 'detect-objects'
      | 'track-objects-at-one-site'
      | 'read-text'
      | 'recognise-speech'
      | 'translate'
      | 'detect-faces'
      | 'capture-faces'
      | 'compare-faces-one-to-one'
      | 'search-faces'
      | 'match-known-files'
      | 'find-similar-pictures'
      | 'inspect-scans'
      | 'check-declarations'
      | 'rank-shipments'
      | 'find-networks'
      | 'forecast-load'
      | 'search-across-sites'
      | 'label-data'
      | 'summarise-text'
      | 'score-person-risk'
      | 'infer-emotion'
      | 'infer-honesty'
      | 'infer-protected-attribute'
      | 'monitor-indiscriminately'
      | 'name-person-for-arrest'
      | 'act-without-person'
      | 'assess-officers-for-discipline'
      | 'advise-evasion'
      | 'train-on-child-protection-material'
    )[];
    decides: {
      who: string;
      what: string;
      personActs: boolean;
      inEnforcement: 'nothing' | 'lead' | 'evidence-among-others' | 'sole-basis';
    };
    inputs: {
      name: string;
      meaning: string;
      personal: boolean;
      source: string;
      flows: ('collected' | 'used' | 'passed-on')[];
      legalBasis?: { citation: string; expires: string; civilRightsSignOff: { by: string; on: string } };
      proxyFor?: (
        | 'race'
        | 'ethnicity'
        | 'national-origin'
        | 'religion'
        | 'sex'
        | 'gender-identity'
        | 'sexual-orientation'
        | 'medical-condition'
        | 'disability'
        | 'nationality'
        | 'age'
      )[];
      proxyTests?: {
        claims: {
          format: 'tidewaiter-proxy-test-1';
          tool: { name: 'tidewaiter'; version: string };
          field: string;
          attribute:
            | 'race'
            | 'ethnicity'
            | 'national-origin'
            | 'religion'
            | 'sex'
            | 'gender-identity'
            | 'sexual-orientation'
            | 'medical-condition'
            | 'disability'
            | 'nationality'
            | 'age';
          on: string;
          table: string;
          n: number;
          verdict: 'within' | 'beyond' | 'not-estimable';
          measure: 'cramers-v' | 'correlation-ratio';
          association?: { value: number; low: number; high: number };
          auc?: { value: number; low: number; high: number; group: string };
          why: string;
        };
        signature: string;
        publicKey: string;
      }[];
    }[];
    outputs: { name: string; meaning: string; personal: boolean; to: string }[];
    models: { id: string; task: string }[];
    impact: { class: 'high-impact' | 'presumed-but-not' | 'not-high-impact'; reason: string };
    measures: { name: string; unit: string; atLeast?: number; atMost?: number; how: string }[];
    drift?: { days: number; sample: number; psi?: number; ks?: number; confirmed?: number };
    never: string[];
    retention: { record: string; schedule: string; keep: string }[];
    inventory: {
      id?: string;
      topic: string;
      classification: string;
      problem: string;
      benefits: string;
      development: 'Vendor Purchased' | 'In-house Development' | 'Contracting and In House';
      vendor?: string;
      customCode: boolean;
      codeUrl?: string;
      data: string;
      atoSystem?: string;
      piaUrl?: string;
    };
    evidence: {
      kind:
        | 'test-report'
        | 'bias-test'
        | 'impact-assessment'
        | 'independent-review'
        | 'monitoring'
        | 'training'
        | 'fail-safe'
        | 'appeal'
        | 'consultation'
        | 'notice'
        | 'opt-out'
        | 'security-review'
        | 'privacy-sign-off'
        | 'civil-rights-sign-off'
        | 'cio-sign-off'
        | 'caio-sign-off';
      what: string;
      where: string;
      on: string;
      expires?: string;
    }[];
    waivers: {
      provision: string;
      grantedBy: string;
      granted: string;
      expires: string;
      reason: string;
      publicSummary: string;
      reported?: string;
      revoked?: string;
      revocationReported?: string;
    }[];
  };
  purposes: string[];
  models: { id: string; digest: string; threshold: unknown[] }[];
  registered: boolean;
  broken: string[];
  open: { policy: string; provision: string; title: string; missing: string[] }[];
};

export type RedactionProfile = {
  name: string;
  summary: string;
  effort: string;
  classes: string[];
  text: 'all' | 'sensitive';
  style: string;
  audio: 'keep' | 'mute';
  allowReversible: boolean;
  secondPerson: boolean;
};

export type ReasonTable = {
  id: string;
  title: string;
  reasons: { code: string; basis: string; text: string }[];
};

export type RedactionReview = {
  id: string;
  site: string;
  case: string;
  asset: string;
  profile: string;
  reasons: string | null;
  state: 'analysing' | 'failed' | 'open' | 'waiting-for-approval' | 'approved' | 'rendering' | 'released';
  revision: number;
  secondPerson: boolean;
  job: string;
  finding: string | null;
  submittedBy: string | null;
  createdBy: string;
  createdAt: string;
};

export type RedactionDoubt = {
  id: string;
  kind: string;
  region: string;
  class: string;
  start: number;
  end: number;
  box: number[];
  urgency: number;
  says: string;
  verdict: 'fine' | 'mended' | 'open';
};

export type LoggedRedactionEdit = { seq: number; id: string; do: RedactionOperation; by: string; at: string };

export type RedactionOperation =
  | {
      op: 'mark';
      regions: string[];
      redact?: boolean | null;
      style?: 'solid' | 'pixelate' | 'blur' | 'outline' | 'mosaic-inside' | 'blur-inside' | null;
      reason?: string | null;
    }
  | {
      op: 'class';
      class: string;
      redact?: boolean | null;
      style?: 'solid' | 'pixelate' | 'blur' | 'outline' | 'mosaic-inside' | 'blur-inside' | null;
      reason?: string | null;
      threshold?: number | null;
    }
  | { op: 'split'; region: string; at: number; as: string }
  | { op: 'merge'; region: string; with: string }
  | { op: 'span'; region: string; start?: number; end?: number }
  | {
      op: 'add';
      region: string;
      class: string;
      shape?: 'box' | 'ellipse';
      start: number;
      end: number;
      keyframes: unknown[][];
    }
  | { op: 'remove'; region: string }
  | { op: 'keyframe'; region: string; at: number; box: unknown[] | null }
  | { op: 'path'; region: string; keyframes: unknown[][] }
  | { op: 'sound'; mode: 'keep' | 'mute' | 'drop'; style?: 'mute' | 'bleep' }
  | { op: 'hush'; span: string; start: number; end: number }
  | { op: 'unhush'; span: string }
  | { op: 'doubt'; doubt: string; verdict: 'fine' | 'mended' | 'open' }
  | {
      op: 'release';
      release: string;
      title: string;
      choices:
        | (
            | {
                op: 'mark';
                regions: string[];
                redact?: boolean | null;
                style?: 'solid' | 'pixelate' | 'blur' | 'outline' | 'mosaic-inside' | 'blur-inside' | null;
                reason?: string | null;
              }
            | {
                op: 'class';
                class: string;
                redact?: boolean | null;
                style?: 'solid' | 'pixelate' | 'blur' | 'outline' | 'mosaic-inside' | 'blur-inside' | null;
                reason?: string | null;
                threshold?: number | null;
              }
          )[]
        | null;
    }
  | { op: 'undo'; edit: string }
  | { op: 'redo'; edit: string };

export type RedactionEdit = { id: string; do: RedactionOperation };

export type RedactionRelease = {
  id: string;
  review: string;
  case: string;
  name: string;
  title: string;
  revision: number;
  state: 'rendering' | 'done' | 'needs-review' | 'failed';
  plan: string;
  job: string;
  files: Record<string, string> | null;
  createdBy: string;
  createdAt: string;
};

export type RedactionDifference = {
  regions: {
    id: string;
    class: string;
    covered: 'one' | 'other' | 'both' | 'neither';
    reason?: (string | null)[];
    style?: string[];
    span?: number[][];
    path?: boolean;
  }[];
  sound?: Record<string, unknown>[];
};

export type RedactionSimilar = {
  region: string;
  class: string;
  start: number;
  end: number;
  score: number;
  says: string;
};

export type WatchChannel = {
  id: string;
  site: string;
  name: string;
  kind: string;
  enabled: boolean;
  destination: Record<string, unknown>;
  choice: {
    severities: ('low' | 'medium' | 'high')[];
    rules: string[];
    steps: ('new' | 'escalated' | 'acknowledged' | 'confirmed' | 'dismissed' | 'closed')[];
    quiet: Record<string, string[]>;
    perMinute?: number;
  };
  waiting: number;
  dead: number;
  lastSentAt: string | null;
  problem: string | null;
  retryAt: string | null;
  createdAt: string;
};

/** What each operation takes, and what it answers with. */
export interface Operations {
  /** Become the first administrator, with the code that the server printed. */
  claimFirstRun: {
    body: { code: string; login: string; name: string; password: string };
    answer: { id: string };
  };
  /** How far you are with signing in, and who you are. */
  getSession: { answer: Session };
  /** Sign in: login and password. */
  signIn: { body: { login: string; password: string }; answer: Session };
  /** Sign out. */
  signOut: { answer: undefined };
  /** Sign in with the code of an administrator in place of a forgotten password, and choose the next one; the second factor follows. */
  chooseNewPassword: { body: { login: string; code: string; password: string }; answer: Session };
  /** Sign in, second step: a code of the authenticator app, or a recovery code. For a passkey see askPasskey. */
  proveSecondFactor: { body: { code: string }; answer: Session };
  /** Get the secret for an authenticator app. */
  startEnrolment: { answer: { uri: string; secret: string } };
  /** Prove that the app has the secret, with a code of the app that it replaces where there is one; gives recovery codes, shown once. */
  confirmEnrolment: {
    body: { code: string; current?: string };
    answer: { recoveryCodes: string[]; session: Session };
  };
  /** Do without your authenticator app; never the last second factor. Your other sessions end. */
  removeApp: { answer: undefined };
  /** Accept the terms of use. */
  acceptBanner: { answer: Session };
  /** Give the password again: after a pause, or before something that asks for it. */
  unlockSession: { body: { password: string }; answer: Session };
  /** Sign out here and wherever else you are signed in; API tokens stay. */
  signOutEverywhere: { answer: undefined };
  /** Change your password; your other sessions end. */
  changePassword: { body: { current: string; next: string }; answer: undefined };
  /** Enrol a passkey or security key: what to ask the authenticator for. */
  startPasskey: { answer: Record<string, unknown> };
  /** What the authenticator answered; the first factor gives recovery codes, shown once. */
  confirmPasskey: {
    body: {
      name: string;
      response: {
        id: string;
        rawId: string;
        type: 'public-key';
        clientExtensionResults?: Record<string, unknown>;
        authenticatorAttachment?: string | null;
        response: { clientDataJSON: string; attestationObject: string; transports?: string[] };
      };
    };
    answer: { id: string; recoveryCodes: string[]; session: Session };
  };
  /** What to ask a passkey for: as second step, to unlock, or, where that is allowed, to sign in with it alone. */
  askPasskey: { answer: Record<string, unknown> };
  /** What the passkey answered. */
  provePasskey: {
    body: {
      response: {
        id: string;
        rawId: string;
        type: 'public-key';
        clientExtensionResults?: Record<string, unknown>;
        authenticatorAttachment?: string | null;
        response: {
          clientDataJSON: string;
          authenticatorData: string;
          signature: string;
          userHandle?: string | null;
        };
      };
    };
    answer: Session;
  };
  /** Your passkeys and security keys. */
  listPasskeys: { answer: { items: Passkey[] } };
  /** Remove one of your passkeys; never the last second factor. Your other sessions end. */
  removePasskey: { params: { id: string }; answer: undefined };
  /** Where you are signed in. */
  listSessions: { answer: { items: OwnSession[] } };
  /** End all of your sessions but this one; API tokens stay. */
  endOtherSessions: { answer: { ended: number } };
  /** End one of your sessions. */
  endSession: { params: { id: string }; answer: undefined };
  /** Sign in through the agency’s provider: sends the browser there. */
  beginOidc: { query?: { to?: string }; answer: undefined };
  /** Where the provider sends the browser back to; then ask /session what comes next. */
  endOidc: { query?: { state?: string; code?: string; iss?: string; error?: string }; answer: undefined };
  /** Who somebody is at the agency’s provider. */
  listIdentities: { params: { id: string }; answer: { items: Identity[] } };
  /** Let somebody sign in through the provider. */
  linkIdentity: { params: { id: string }; body: Identity; answer: undefined };
  /** Take an identity away; the person’s sessions end. */
  unlinkIdentity: { params: { id: string }; body: Identity; answer: undefined };
  /** All sites. */
  listSites: { answer: { items: Site[] } };
  /** Add a site. */
  createSite: { body: { id: string; name: string; timeZone: string }; answer: Site };
  /** Everybody with an account, and their roles. */
  listPeople: { answer: { items: Person[] } };
  /** Make an account; it has no roles yet. */
  createPerson: { body: { login: string; name: string; password: string }; answer: { id: string } };
  /** Give somebody a role at a site. */
  grantRole: {
    params: { id: string };
    body: {
      site: string;
      role:
        | 'viewer'
        | 'officer'
        | 'analyst'
        | 'operator'
        | 'annotator'
        | 'investigator'
        | 'supervisor'
        | 'privacy'
        | 'civil-rights'
        | 'ai-governance'
        | 'admin';
    };
    answer: undefined;
  };
  /** Take a role away. */
  revokeRole: {
    params: { id: string };
    body: {
      site: string;
      role:
        | 'viewer'
        | 'officer'
        | 'analyst'
        | 'operator'
        | 'annotator'
        | 'investigator'
        | 'supervisor'
        | 'privacy'
        | 'civil-rights'
        | 'ai-governance'
        | 'admin';
    };
    answer: undefined;
  };
  /** Shut an account: its sessions and tokens end. */
  disablePerson: { params: { id: string }; answer: undefined };
  /** Open a shut account. */
  enablePerson: { params: { id: string }; answer: undefined };
  /** Your API tokens. */
  listTokens: { answer: { items: Token[] } };
  /** Make an API token; it is shown once. Takes a proof of who you are in the last ten minutes. */
  createToken: {
    body: {
      name: string;
      scopes: ('read' | 'write' | 'upload' | 'jobs' | 'people' | 'settings')[];
      expiresAt: string;
    };
    answer: { id: string; token: string };
  };
  /** End one of your API tokens. */
  revokeToken: { params: { id: string }; answer: undefined };
  /** For who forgot the password: ends it and all sessions, and gives a one-time code with which the person chooses the next. Takes a proof of who you are in the last ten minutes. */
  resetPassword: {
    params: { id: string };
    body: { reason: string };
    answer: { code: string; expiresAt: string };
  };
  /** For who lost keys, phone and recovery codes: removes them and ends all sessions; the next sign-in enrols anew. Takes a proof of who you are in the last ten minutes. */
  resetSecondFactor: { params: { id: string }; body: { reason: string }; answer: undefined };
  /** What was reset for somebody, by whom and why. */
  listResets: { params: { id: string }; answer: { items: PersonReset[] } };
  /** Cases at the sites you work at, the newest first unless another order is asked for. */
  listCases: {
    query?: {
      limit?: number;
      cursor?: string;
      state?: 'open' | 'closed';
      use?: string;
      site?: string;
      kind?: 'foia' | 'court' | 'partner' | 'internal';
      person?: string;
      words?: string;
      dueBefore?: string;
      order?: 'opened' | 'due' | 'received';
    };
    answer: { items: Case[]; next?: string };
  };
  /** Open a case. */
  openCase: {
    body: {
      site: string;
      use: string;
      title: string;
      number?: string;
      kind?: 'foia' | 'court' | 'partner' | 'internal';
      receivedAt?: string;
      dueAt?: string | null;
      assignees?: CaseAssignee[];
    };
    answer: Case;
  };
  /** One case. */
  getCase: { params: { id: string }; answer: Case };
  /** Change a case that nobody changed since you saw it. */
  changeCase: {
    params: { id: string };
    body: {
      title?: string;
      number?: string;
      kind?: 'foia' | 'court' | 'partner' | 'internal';
      receivedAt?: string;
      state?: 'open' | 'closed';
      dueAt?: string;
      owner?: string;
      assignees?: CaseAssignee[];
    };
    answer: Case;
  };
  /** Move the deadline back or take it away, and say why; every move stays with the case. */
  extendCase: { params: { id: string }; body: { dueAt: string | null; reason: string }; answer: Case };
  /** When an answer to a request is usually due; a proposal, not legal advice. */
  proposeDeadline: {
    query: { kind: 'foia' | 'court' | 'partner' | 'internal'; received: string; site: string };
    answer: { dueAt: string | null; day: string | null; basis: string | null };
  };
  /** What a case holds, newest first. */
  listAssets: {
    params: { id: string };
    query?: {
      limit?: number;
      cursor?: string;
      role?: 'original' | 'output' | 'record' | 'proxy' | 'thumbnail' | 'waveform';
    };
    answer: { items: Asset[]; next?: string };
  };
  /** Put a file into a case, in one go; its bytes are the body. */
  uploadAsset: { params: { id: string }; query: { name: string }; answer: Asset };
  /** What is known about an asset. */
  getAsset: { params: { id: string }; answer: Asset };
  /** Erase an asset and all that was made from it, once its retention allows it. */
  eraseAsset: { params: { id: string }; query: { reason: string }; answer: { erased: string[] } };
  /** Its bytes, all or a range of them; that it was read is recorded. */
  readAsset: { params: { id: string }; answer: undefined };
  /** Put under legal hold, or lift it. */
  holdAsset: { params: { id: string }; body: { hold: boolean; reason: string }; answer: Asset };
  /** What there is to show an asset in a browser, or how far it is. */
  getProxy: { params: { id: string }; answer: Proxy };
  /** Have it made, unless it is there or on its way. */
  requestProxy: { params: { id: string }; answer: Proxy };
  /** One of them, all or a range of its bytes; that the asset was looked at is recorded. */
  readProxy: {
    params: {
      id: string;
      kind: 'video' | 'sound' | 'picture' | 'index' | 'poster' | 'thumbnail' | 'strip' | 'waveform';
    };
    answer: undefined;
  };
  /** What uploads in pieces can do here. */
  uploadsAbilities: { params: { id: string }; answer: undefined };
  /** Begin to upload a file in pieces: Upload-Length, and its filename in Upload-Metadata. */
  beginUpload: { params: { id: string }; answer: undefined };
  /** What uploads in pieces can do here. */
  uploadAbilities: { params: { id: string }; answer: undefined };
  /** How far an upload is: Upload-Offset. */
  askUpload: { params: { id: string }; answer: undefined };
  /** Send the piece at Upload-Offset; with the last one the asset is there: Tidewaiter-Asset. */
  sendPiece: { params: { id: string }; answer: undefined };
  /** Give an upload up: nothing of it is kept. */
  endUpload: { params: { id: string }; answer: undefined };
  /** Jobs at the sites you work at, newest first; those that failed say why. */
  listJobs: {
    query?: {
      limit?: number;
      cursor?: string;
      state?: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
      case?: string;
    };
    answer: { items: Job[]; next?: string };
  };
  /** One job: how far it is, what came of it. */
  getJob: { params: { id: string }; answer: Job };
  /** The job each time it changes, as server-sent events, until it has ended. */
  watchJob: { params: { id: string }; answer: undefined };
  /** Stop a job that has not ended. */
  cancelJob: { params: { id: string }; answer: Job };
  /** Services at the sites you administer, newest first: what is wanted, and how they are. */
  listServices: {
    query?: { limit?: number; cursor?: string; use?: string };
    answer: { items: Service[]; next?: string };
  };
  /** Stop a service; whoever runs it ends it within moments. */
  stopService: { params: { id: string }; answer: Service };
  /** Let a service run again that was stopped. */
  startService: { params: { id: string }; answer: Service };
  /** What the platform does by itself, when it last did, and what came of it. */
  listChores: { answer: { items: Chore[] } };
  /** What was seen in a span of time, newest first. */
  listObservations: {
    query: {
      from: string;
      to: string;
      site?: string;
      class?: string;
      minScore?: number;
      asset?: string;
      limit?: number;
      cursor?: string;
    };
    answer: { items: Observation[]; next?: string };
  };
  /** How much was seen, by hour and class. */
  countObservations: {
    query: { from: string; to: string; site?: string };
    answer: { items: { hour: string; class: string; count: number }[] };
  };
  /** What is proposed to you, the newest first unless another order is asked for. */
  listFindings: {
    query?: {
      limit?: number;
      cursor?: string;
      case?: string;
      use?: string;
      kind?: string;
      score?: number;
      decided?: 'yes' | 'no';
      assigned?: 'me' | 'nobody' | 'anybody';
      order?: 'newest' | 'score';
    };
    answer: { items: Finding[]; next?: string };
  };
  /** Take a finding, give it to somebody, or give it back; of two who take it at once one does. */
  assignFinding: {
    params: { id: string };
    body: { person: string | null; seen: string | null };
    answer: Finding;
  };
  /** One finding with its reasons, and all decisions about it, the one that holds first. */
  getFinding: {
    params: { id: string };
    answer: {
      id: string;
      site: string;
      case: string | null;
      use: string;
      kind: string;
      score: number | null;
      reasons: string[];
      evidence: Record<string, unknown>;
      models: { id: string; digest: string }[];
      createdAt: string;
      assignedTo: string | null;
      assignedAt: string | null;
      decisions: Decision[];
    };
  };
  /** Decide about a finding, and say why; an earlier decision stays on record. */
  decide: {
    params: { id: string };
    body: { disposition: string; reason: string; seen?: string | null };
    answer: {
      id: string;
      finding: string;
      disposition: string;
      reason: string;
      decidedBy: string;
      createdAt: string;
      takenAt: string | null;
      seeded?: Seeded;
    };
  };
  /** What a case handed over, newest first. */
  listReleases: {
    params: { id: string };
    query?: { limit?: number; cursor?: string };
    answer: { items: Release[]; next?: string };
  };
  /** Record that an output was handed over, to whom and on what basis. */
  release: {
    params: { id: string };
    body: { asset: string; recipient: string; basis: string };
    answer: Release;
  };
  /** All webhooks. */
  listWebhooks: { query?: { limit?: number; cursor?: string }; answer: { items: Webhook[]; next?: string } };
  /** Have events sent to an address; the secret that signs them is shown once. */
  createWebhook: {
    body: { url: string; kinds: string[] };
    answer: {
      id: string;
      url: string;
      kinds: string[];
      failures: number;
      disabledAt: string | null;
      createdAt: string;
      secret: string;
    };
  };
  /** Switch a webhook on again; events of the time between are not sent. */
  enableWebhook: { params: { id: string }; answer: Webhook };
  /** Send nothing more to an address. */
  deleteWebhook: { params: { id: string }; answer: undefined };
  /** What was sent to a webhook and what came of it, newest first. */
  listDeliveries: {
    params: { id: string };
    query?: { limit?: number; cursor?: string };
    answer: { items: Job[]; next?: string };
  };
  /** What happened to this case, from the ledger: the newest 200. */
  listCaseActivity: { params: { id: string }; answer: { items: Activity[] } };
  /** What happened to this asset, from the ledger: the newest 200. */
  listAssetActivity: { params: { id: string }; answer: { items: Activity[] } };
  /** Who works at the sites you work at, by name. */
  listColleagues: { answer: { items: Colleague[] } };
  /** Assets of all cases at the sites you work at, newest first. */
  listLibrary: {
    query?: {
      limit?: number;
      cursor?: string;
      case?: string;
      role?: 'original' | 'output' | 'record';
      type?: 'image' | 'video' | 'audio';
      name?: string;
      from?: string;
    };
    answer: { items: Asset[]; next?: string };
  };
  /** What came in, what waits, what was decided and how fast, at the sites you work at. */
  getToday: { query?: { days?: number; site?: string }; answer: Today };
  /** What one item of each use took by hand, as far as the agency measured it. */
  listBaselines: { answer: { items: Baseline[] } };
  /** Say what one item of a use takes by hand, and who measured it. */
  setBaseline: { params: { use: string }; body: { minutes: number; source: string }; answer: undefined };
  /** Take back what was said about work by hand. */
  removeBaseline: { params: { use: string }; answer: undefined };
  /** Every model with its card: what it is for, what it is bad at, where it comes from. */
  listModels: { answer: { items: Model[] } };
  /** Sign-ins and requests that were refused, newest first. */
  listRefusals: {
    query?: { kind?: string; limit?: number; before?: number };
    answer: { items: Refusal[]; next?: number };
  };
  /** How long assets of each class are kept. */
  listRetentionClasses: { answer: { items: RetentionClass[] } };
  /** Change how long assets of a class are kept, or add a class; what is over then is erased by housekeeping. */
  setRetentionClass: {
    params: { name: string };
    body: { days: number | null; countsFrom: 'created' | 'case-closed'; description: string; reason: string };
    answer: undefined;
  };
  /** Whether the first administrator is still to come. */
  getWelcome: { answer: Welcome };
  /** The newest signed head, and the keys that verify it. */
  readLedgerHead: { answer: { size: number; note: string; keys: string[] } };
  /** Entries in their order. */
  listLedgerEntries: {
    query?: { from?: number; limit?: number };
    answer: { items: { index: number; event: Record<string, unknown> }[]; size: number };
  };
  /** That an entry is in the tree of a size. */
  proveLedgerEntry: { params: { index: number }; query: { size: number }; answer: { proof: string[] } };
  /** That the tree of a size begins with that of a smaller one. */
  proveLedgerGrowth: { query: { older: number; newer: number }; answer: { proof: string[] } };
  /** Versions of uses that were put before the offices, newest first, with what each lacks. */
  listRegistrations: { query?: { use?: string }; answer: { items: UseRegistration[] } };
  /** Put a version of a use before the offices: its charter, purposes and models. */
  registerUse: {
    body: {
      charter: {
        schema: 1;
        use: string;
        revision: number;
        title: string;
        purpose: string;
        publicSummary: string;
        stage: 'pre-deployment' | 'pilot' | 'deployed' | 'retired';
        operational?: string;
        authority: { citation: string; allows: string }[];
        does: (
          | 'detect-objects'
          | 'track-objects-at-one-site'
          | 'read-text'
          | 'recognise-speech'
          | 'translate'
          | 'detect-faces'
          | 'capture-faces'
          | 'compare-faces-one-to-one'
          | 'search-faces'
          | 'match-known-files'
          | 'find-similar-pictures'
          | 'inspect-scans'
          | 'check-declarations'
          | 'rank-shipments'
          | 'find-networks'
          | 'forecast-load'
          | 'search-across-sites'
          | 'label-data'
          | 'summarise-text'
          | 'score-person-risk'
          | 'infer-emotion'
          | 'infer-honesty'
          | 'infer-protected-attribute'
          | 'monitor-indiscriminately'
          | 'name-person-for-arrest'
          | 'act-without-person'
          | 'assess-officers-for-discipline'
          | 'advise-evasion'
          | 'train-on-child-protection-material'
        )[];
        decides: {
          who: string;
          what: string;
          personActs: boolean;
          inEnforcement: 'nothing' | 'lead' | 'evidence-among-others' | 'sole-basis';
        };
        inputs: {
          name: string;
          meaning: string;
          personal: boolean;
          source: string;
          flows: ('collected' | 'used' | 'passed-on')[];
          legalBasis?: { citation: string; expires: string; civilRightsSignOff: { by: string; on: string } };
          proxyFor?: (
            | 'race'
            | 'ethnicity'
            | 'national-origin'
            | 'religion'
            | 'sex'
            | 'gender-identity'
            | 'sexual-orientation'
            | 'medical-condition'
            | 'disability'
            | 'nationality'
            | 'age'
          )[];
          proxyTests?: {
            claims: {
              format: 'tidewaiter-proxy-test-1';
              tool: { name: 'tidewaiter'; version: string };
              field: string;
              attribute:
                | 'race'
                | 'ethnicity'
                | 'national-origin'
                | 'religion'
                | 'sex'
                | 'gender-identity'
                | 'sexual-orientation'
                | 'medical-condition'
                | 'disability'
                | 'nationality'
                | 'age';
              on: string;
              table: string;
              n: number;
              verdict: 'within' | 'beyond' | 'not-estimable';
              measure: 'cramers-v' | 'correlation-ratio';
              association?: { value: number; low: number; high: number };
              auc?: { value: number; low: number; high: number; group: string };
              why: string;
            };
            signature: string;
            publicKey: string;
          }[];
        }[];
        outputs: { name: string; meaning: string; personal: boolean; to: string }[];
        models: { id: string; task: string }[];
        impact: { class: 'high-impact' | 'presumed-but-not' | 'not-high-impact'; reason: string };
        measures: { name: string; unit: string; atLeast?: number; atMost?: number; how: string }[];
        drift?: { days: number; sample: number; psi?: number; ks?: number; confirmed?: number };
        never: string[];
        retention: { record: string; schedule: string; keep: string }[];
        inventory: {
          id?: string;
          topic: string;
          classification: string;
          problem: string;
          benefits: string;
          development: 'Vendor Purchased' | 'In-house Development' | 'Contracting and In House';
          vendor?: string;
          customCode: boolean;
          codeUrl?: string;
          data: string;
          atoSystem?: string;
          piaUrl?: string;
        };
        evidence: {
          kind:
            | 'test-report'
            | 'bias-test'
            | 'impact-assessment'
            | 'independent-review'
            | 'monitoring'
            | 'training'
            | 'fail-safe'
            | 'appeal'
            | 'consultation'
            | 'notice'
            | 'opt-out'
            | 'security-review'
            | 'privacy-sign-off'
            | 'civil-rights-sign-off'
            | 'cio-sign-off'
            | 'caio-sign-off';
          what: string;
          where: string;
          on: string;
          expires?: string;
        }[];
        waivers: {
          provision: string;
          grantedBy: string;
          granted: string;
          expires: string;
          reason: string;
          publicSummary: string;
          reported?: string;
          revoked?: string;
          revocationReported?: string;
        }[];
      };
      purposes: string[];
      models: { id: string; digest: string; threshold: unknown[] }[];
    };
    answer: { id: string };
  };
  /** Sign a version of a use for your office, or return it with a reason. */
  signUse: {
    params: { id: string };
    body: {
      office: 'privacy' | 'civil-rights' | 'ocio' | 'caio';
      verdict: 'signed' | 'returned';
      reason: string;
    };
    answer: undefined;
  };
  /** Stop a use everywhere: what runs of it ends within seconds. */
  suspendUse: {
    params: { name: string };
    body: { reason: string; cause?: 'person' | 'drift' | 'incident' };
    answer: { id: string; told: string[] };
  };
  /** Suspensions, those that stand first. */
  listSuspensions: { answer: { items: Suspension[] } };
  /** End a suspension that somebody else began. */
  liftSuspension: { params: { id: string }; body: { reason: string }; answer: undefined };
  /** Questions of the offices about a version of a use, and the answers to them. */
  listQuestions: { params: { id: string }; answer: { items: QuestionThread[] } };
  /** Ask about a version of a use for your office; it is not signed before the question is settled. */
  askQuestion: {
    params: { id: string };
    body: { office: 'privacy' | 'civil-rights' | 'ocio' | 'caio'; said: string };
    answer: { id: string };
  };
  /** Answer an open question, or ask on for the office that asked. */
  replyToQuestion: { params: { id: string }; body: { said: string }; answer: undefined };
  /** Take the answer to a question of your office for enough. */
  settleQuestion: { params: { id: string }; answer: undefined };
  /** Record the result of a test of a model; one that failed suspends the use. */
  recordTest: {
    params: { name: string };
    body: {
      kind: string;
      modelDigest: string;
      reportDigest: string;
      passed: boolean;
      testedAt: string;
      expires: string;
    };
    answer: { id: string; suspension?: string };
  };
  /** Record a test of faces for bias from the report that a lab signed; one that failed suspends the use. */
  recordFaceTest: {
    params: { name: string };
    body: { report: string; publicKey: string; expires: string };
    answer: { id: string; suspension?: string };
  };
  /** Record that somebody passed a training module of a use. */
  recordTraining: {
    params: { name: string };
    body: { personId: string; module: string; completedAt: string; expires: string };
    answer: undefined;
  };
  /** Waive tests or training of a use at one site for a time, or allow a pilot, in writing. */
  grantWaiver: {
    params: { id: string };
    body: {
      kind: 'waiver' | 'pilot';
      requirement: 'tests' | 'training';
      site: string;
      reason: string;
      publicSummary: string;
      expires: string;
    };
    answer: { id: string };
  };
  /** Waivers and pilots, newest first. */
  listWaivers: { answer: { items: Waiver[] } };
  /** Note that OMB was told of a waiver (`reported`), or take it back (`revoked`). */
  changeWaiver: { params: { id: string; change: 'reported' | 'revoked' }; answer: undefined };
  /** Permits, newest first, and whether each still holds. */
  listPermits: { answer: { items: PermitView[] } };
  /** Issue a permit, if all that it rests on holds. */
  issuePermit: {
    body: { registration: string; site: string; purpose: string; expires: string };
    answer: {
      kind: 'signed';
      claims: {
        id: string;
        issuer: string;
        use: string;
        purpose: string;
        site: string;
        authority?: string;
        models: { id: string; digest: string; threshold: unknown[] }[];
        notBefore: string;
        expires: string;
      };
      signature: string;
    };
  };
  /** A permit as a file to carry to a machine without a store, with the key to verify it. */
  exportPermit: {
    params: { id: string };
    answer: {
      permit: {
        kind: 'signed';
        claims: {
          id: string;
          issuer: string;
          use: string;
          purpose: string;
          site: string;
          authority?: string;
          models: { id: string; digest: string; threshold: unknown[] }[];
          notBefore: string;
          expires: string;
        };
        signature: string;
      };
      publicKey: string;
    };
  };
  /** Take a permit back for good. */
  revokePermit: { params: { id: string }; body: { reason: string }; answer: undefined };
  /** Whether models run under permits only. */
  getMode: { answer: { mode: 'evaluation' | 'enforced' } };
  /** Propose to go back to evaluation; somebody of the other office confirms. */
  proposeEvaluation: { body: { mode: 'evaluation'; reason: string }; answer: { proposal: number } };
  /** Confirm a proposal to go back to evaluation, as the other office. */
  confirmEvaluation: { params: { proposal: number }; answer: undefined };
  /** Propose a record of enforcement; it needs evidence that does not rest on AI. */
  proposeEnforcement: {
    params: { id: string };
    body: {
      action: string;
      authority: string;
      evidence: (
        | {
            kind: 'document' | 'physical' | 'testimony' | 'observation' | 'official-record';
            what: string;
            foundBy: string;
            restsOnAi: boolean;
          }
        | {
            kind: 'ai-lead';
            what: string;
            finding?: string;
            model: string;
            threshold: number;
            errorRate: { kind: string; errors: number; trials: number };
          }
      )[];
    };
    answer: { id: string };
  };
  /** Records of enforcement of a case, newest first; leads of AI with their error rates. */
  listEnforcement: { params: { id: string }; answer: { items: EnforcementRecord[] } };
  /** Confirm a record of enforcement as a second person. */
  confirmEnforcement: { params: { id: string; record: string }; answer: undefined };
  /** Take over records of another system, all or none, under the same rules. */
  importEnforcement: {
    body: {
      records: {
        case: string;
        action: string;
        authority: string;
        evidence: (
          | {
              kind: 'document' | 'physical' | 'testimony' | 'observation' | 'official-record';
              what: string;
              foundBy: string;
              restsOnAi: boolean;
            }
          | {
              kind: 'ai-lead';
              what: string;
              finding?: string;
              model: string;
              threshold: number;
              errorRate: { kind: string; errors: number; trials: number };
            }
        )[];
        proposedBy: string;
        confirmedBy: string;
      }[];
    };
    answer: { ids: string[] };
  };
  /** Ask whether a camera lane may capture a face; only an answer with a token allows it. */
  askCaptureGate: {
    body: {
      site: string;
      lane: string;
      use: string;
      purpose: string;
      notice: { language: string; version: number } | null;
      optedOut: boolean;
      document?: string;
      lawEnforcement: { authority: string } | null;
    };
    answer: {
      id: string;
      verdict: 'capture' | 'alternative' | 'refused';
      reason: string;
      token?: string;
      expires?: string;
    };
  };
  /** Record that a face was captured; refused without a token that is valid, of this lane, and not used. */
  recordCapture: { body: { site: string; lane: string; token: string }; answer: { passage: string } };
  /** Record how a traveller was served, by whichever process. */
  completePassage: {
    params: { id: string };
    body: {
      site: string;
      lane: string;
      waitedSeconds: number;
      processedSeconds: number;
      outcome: 'passed' | 'referred' | 'refused';
    };
    answer: undefined;
  };
  /** How many were captured, opted out, were exempt or refused, by month and lane. */
  countOptOuts: {
    answer: {
      items: {
        month: string;
        site: string;
        lane: string;
        use: string;
        kind: 'captured' | 'exempt' | 'alternative' | 'offered' | 'not-used' | 'refused';
        passages: number;
      }[];
    };
  };
  /** Captures that the gate did not sign, though the database has them: there must be none. */
  listUnsignedCaptures: { answer: { items: string[] } };
  /** Keep that whoever shows this document at the site opted out; only a commitment of it is kept. */
  keepStandingOptOut: { body: { site: string; document: string; days: number }; answer: undefined };
  /** Forget a standing opt-out; says nothing of whether there was one. */
  withdrawStandingOptOut: { body: { site: string; document: string }; answer: undefined };
  /** Whether travellers who opted out were served as well as those captured, by lane. */
  getEqualService: { query: { use: string; days?: number }; answer: EqualService };
  /** Published notices, newest first, and drafts to begin with. */
  listNotices: {
    query?: { use?: string };
    answer: {
      items: CaptureNotice[];
      drafts: { language: string; status: 'draft-for-counsel'; notice: string; optingOut: string }[];
    };
  };
  /** Publish the next version of a notice: gates take no older one from its day on. */
  publishNotice: {
    body: {
      use: string;
      language: string;
      notice: string;
      optingOut: string;
      counsel: string;
      effective: string;
      ends: string;
    };
    answer: { id: string; version: number };
  };
  /** Record a request to correct something, or an appeal; its clock is that of the day it was received. */
  receiveRedress: {
    body: {
      kind: 'correction' | 'appeal';
      about: 'finding' | 'decision' | 'enforcement' | 'request';
      aboutId: string;
      caseReference: string;
      receivedAt: string;
    };
    answer: { id: string; due: string; rule: string };
  };
  /** Corrections and appeals, open ones first by the day they are due. */
  listRedress: { answer: { items: RedressRequest[] } };
  /** Extend the clock of a request, once, with a reason. */
  extendRedress: { params: { id: string }; body: { reason: string }; answer: { due: string } };
  /** Decide a request, as somebody else than who decided first. */
  decideRedress: {
    params: { id: string };
    body: { outcome: 'granted' | 'partly' | 'denied'; reason: string };
    answer: undefined;
  };
  /** Note that whoever asked was told the outcome. */
  notifyRedress: { params: { id: string }; answer: undefined };
  /** Add an office that received what is corrected by another way than a release. */
  addRedressRecipient: { params: { id: string }; body: { recipient: string }; answer: { id: string } };
  /** Note that a recipient was told of a correction. */
  tellRedressRecipient: { params: { id: string; recipient: string }; answer: undefined };
  /** How long an office has to answer: rules of the agency, and the built-in ones. */
  listRedressClocks: {
    answer: {
      items: {
        kind: 'correction' | 'appeal';
        version: string;
        source: string;
        workingDays: number;
        extensionDays: number;
        effective: string;
        ends: string | null;
      }[];
    };
  };
  /** Set how long an office has to answer from a day on. */
  setRedressClock: {
    body: {
      kind: 'correction' | 'appeal';
      version: string;
      source: string;
      workingDays: number;
      extensionDays: number;
      effective: string;
      ends: string | null;
    };
    answer: undefined;
  };
  /** A version of a use: charter, every rule with what shows it, models and their tests. */
  getUseInFull: {
    params: { id: string };
    answer: {
      id: string;
      use: string;
      version: number;
      charter: {
        schema: 1;
        use: string;
        revision: number;
        title: string;
        purpose: string;
        publicSummary: string;
        stage: 'pre-deployment' | 'pilot' | 'deployed' | 'retired';
        operational?: string;
        authority: { citation: string; allows: string }[];
        does: (
          | 'detect-objects'
          | 'track-objects-at-one-site'
          | 'read-text'
          | 'recognise-speech'
          | 'translate'
          | 'detect-faces'
          | 'capture-faces'
          | 'compare-faces-one-to-one'
          | 'search-faces'
          | 'match-known-files'
          | 'find-similar-pictures'
          | 'inspect-scans'
          | 'check-declarations'
          | 'rank-shipments'
          | 'find-networks'
          | 'forecast-load'
          | 'search-across-sites'
          | 'label-data'
          | 'summarise-text'
          | 'score-person-risk'
          | 'infer-emotion'
          | 'infer-honesty'
          | 'infer-protected-attribute'
          | 'monitor-indiscriminately'
          | 'name-person-for-arrest'
          | 'act-without-person'
          | 'assess-officers-for-discipline'
          | 'advise-evasion'
          | 'train-on-child-protection-material'
        )[];
        decides: {
          who: string;
          what: string;
          personActs: boolean;
          inEnforcement: 'nothing' | 'lead' | 'evidence-among-others' | 'sole-basis';
        };
        inputs: {
          name: string;
          meaning: string;
          personal: boolean;
          source: string;
          flows: ('collected' | 'used' | 'passed-on')[];
          legalBasis?: { citation: string; expires: string; civilRightsSignOff: { by: string; on: string } };
          proxyFor?: (
            | 'race'
            | 'ethnicity'
            | 'national-origin'
            | 'religion'
            | 'sex'
            | 'gender-identity'
            | 'sexual-orientation'
            | 'medical-condition'
            | 'disability'
            | 'nationality'
            | 'age'
          )[];
          proxyTests?: {
            claims: {
              format: 'tidewaiter-proxy-test-1';
              tool: { name: 'tidewaiter'; version: string };
              field: string;
              attribute:
                | 'race'
                | 'ethnicity'
                | 'national-origin'
                | 'religion'
                | 'sex'
                | 'gender-identity'
                | 'sexual-orientation'
                | 'medical-condition'
                | 'disability'
                | 'nationality'
                | 'age';
              on: string;
              table: string;
              n: number;
              verdict: 'within' | 'beyond' | 'not-estimable';
              measure: 'cramers-v' | 'correlation-ratio';
              association?: { value: number; low: number; high: number };
              auc?: { value: number; low: number; high: number; group: string };
              why: string;
            };
            signature: string;
            publicKey: string;
          }[];
        }[];
        outputs: { name: string; meaning: string; personal: boolean; to: string }[];
        models: { id: string; task: string }[];
        impact: { class: 'high-impact' | 'presumed-but-not' | 'not-high-impact'; reason: string };
        measures: { name: string; unit: string; atLeast?: number; atMost?: number; how: string }[];
        drift?: { days: number; sample: number; psi?: number; ks?: number; confirmed?: number };
        never: string[];
        retention: { record: string; schedule: string; keep: string }[];
        inventory: {
          id?: string;
          topic: string;
          classification: string;
          problem: string;
          benefits: string;
          development: 'Vendor Purchased' | 'In-house Development' | 'Contracting and In House';
          vendor?: string;
          customCode: boolean;
          codeUrl?: string;
          data: string;
          atoSystem?: string;
          piaUrl?: string;
        };
        evidence: {
          kind:
            | 'test-report'
            | 'bias-test'
            | 'impact-assessment'
            | 'independent-review'
            | 'monitoring'
            | 'training'
            | 'fail-safe'
            | 'appeal'
            | 'consultation'
            | 'notice'
            | 'opt-out'
            | 'security-review'
            | 'privacy-sign-off'
            | 'civil-rights-sign-off'
            | 'cio-sign-off'
            | 'caio-sign-off';
          what: string;
          where: string;
          on: string;
          expires?: string;
        }[];
        waivers: {
          provision: string;
          grantedBy: string;
          granted: string;
          expires: string;
          reason: string;
          publicSummary: string;
          reported?: string;
          revoked?: string;
          revocationReported?: string;
        }[];
      };
      charterDigest: string;
      author: string;
      registeredAt: string;
      newest: boolean;
      models: { id: string; digest: string; threshold: unknown[] }[];
      crosswalk: {
        policy: string;
        provision: string;
        title: string;
        status: 'met' | 'not-met' | 'waived' | 'not-applicable';
        rests?: 'evidence' | 'software' | 'charter';
        due?: string;
        by: string[];
        missing: string[];
      }[];
      findings: { level: string; rule: string; message: string; remedy: string }[];
      tests: {
        id: string;
        kind: string;
        modelDigest: string;
        reportDigest: string;
        passed: boolean;
        testedAt: string;
        expires: string;
      }[];
      lacks: string[];
    };
  };
  /** Entries of the ledger, newest first, of one kind where that is asked. */
  searchLedger: {
    query?: { kind?: string; before?: number; limit?: number };
    answer: { items: { index: number; event: Record<string, unknown> }[] };
  };
  /** Signed heads of the ledger, newest first. */
  listLedgerHeads: { answer: { items: { size: number; note: string; signedAt: string }[] } };
  /** The whole ledger as a file that `tidewaiter governance ledger verify` checks offline. */
  exportLedgerFile: { answer: undefined };
  /** What the inventory and the public page say, before they are downloaded. */
  previewPublicRecord: {
    query: { agency: string; agencyName: string; bureau: string; contact: string };
    answer: {
      uses: PublicUse[];
      inventory: { columns: string[]; rows: string[][] };
      left: { use: string; why: 'not-registered' | 'breaks-rules' }[];
    };
  };
  /** The uses of this installation in the format of the federal inventory of 2025. */
  exportOwnInventory: {
    query: { agency: string; agencyName: string; bureau: string; contact: string };
    answer: undefined;
  };
  /** The public page about all uses: one file of HTML that loads and runs nothing. */
  exportTransparencyPage: {
    query: { agency: string; agencyName: string; bureau: string; contact: string };
    answer: undefined;
  };
  /** Permits, tests, waivers, training, notices and requests that end soon or ended lately. */
  getCalendar: { query?: { days?: number }; answer: { items: CalendarEntry[] } };
  /** Uses that an office has not signed, or that lack something, with questions and evidence. */
  listUsesToReview: { answer: { items: UseToReview[] } };
  /** Of a use: the newest test tables by group, and outcomes of those captured and those who opted out. */
  watchDisparity: {
    query: { use: string; days?: number };
    answer: {
      tests: {
        test: string;
        kind: string;
        modelDigest: string;
        testedAt: string;
        simulated: boolean;
        groups: {
          name: string;
          fmr: { count: number; trials: number; rate: number | null; low: number; high: number };
          fnmr: { count: number; trials: number; rate: number | null; low: number; high: number };
        }[];
        fourFifths: { ratio: number | null; verdict: 'kept' | 'below' | 'not-estimable' };
      }[];
      outcomes: {
        groups: {
          name: 'captured' | 'opted-out';
          passed: { count: number; trials: number; rate: number | null; low: number; high: number };
        }[];
        fourFifths: { ratio: number | null; verdict: 'kept' | 'below' | 'not-estimable' };
      };
    };
  };
  /** Take the tables by group out of the report that a test was recorded with. */
  recordGroupTable: { params: { id: string }; body: { report: string }; answer: { groups: number } };
  /** Report an incident with a use of AI; unless it is low, the use stops everywhere. The offices are told. */
  reportIncident: {
    body: {
      use: string;
      severity: 'low' | 'moderate' | 'serious' | 'critical';
      what: string;
      happenedAt: string;
      toldOutside?: string[];
    };
    answer: { id: string; suspension: string | null; told: string[] };
  };
  /** Incidents, open ones first. */
  listAiIncidents: { answer: { items: AiIncident[] } };
  /** Stop the use of an incident that did not stop it when it was reported. */
  suspendForIncident: {
    params: { id: string };
    body: { reason: string };
    answer: { id: string; told: string[] };
  };
  /** End the work on an incident, saying what came of it. */
  closeIncident: { params: { id: string }; body: { resolution: string }; answer: undefined };
  /** Modules, which of them are for you, and how you stand with each. */
  listMyTraining: { answer: { items: MyTraining[] } };
  /** The lessons of a module. */
  getTraining: {
    params: { module: string };
    answer: {
      id: string;
      version: number;
      use: string;
      title: string;
      lessons: { title: string; text: string[] }[];
      choices: { id: string; label: string }[];
    };
  };
  /** Draw cases of a module, or get those that you drew and did not answer yet. */
  openTraining: {
    params: { module: string };
    answer: { id: string; needed: number; cases: { id: string; finding: string; evidence: string[] }[] };
  };
  /** Answer the cases, once; the answer explains each, and says whether you passed. */
  answerTraining: {
    params: { id: string };
    body: { answers: Record<string, string> };
    answer: {
      score: number;
      of: number;
      needed: number;
      passed: boolean;
      expires: string | null;
      cases: { id: string; given: string; answer: string; why: string }[];
    };
  };
  /** Put the present version of a module into force, and stand for what passing it is worth. */
  releaseTraining: { params: { module: string }; answer: { version: number; digest: string } };
  /** Say whether who decides in a use needs current training, and which module. */
  requireTraining: {
    params: { name: string };
    body: { required: boolean; module: string | null; reason: string };
    answer: undefined;
  };
  /** Notices that hold where you work, and whether you acknowledged them. */
  listOfficerNotices: { query?: { use?: string }; answer: { items: OfficerNotice[] } };
  /** What a notice could say, from the charter and models of the newest registration. */
  draftOfficerNotice: {
    params: { name: string };
    answer: {
      summary: string;
      limits: string[];
      models: { id: string; digest: string; threshold: unknown[] }[];
      errorRates: { kind: string; errors: number; trials: number; source: string }[];
    };
  };
  /** Put a notice before the people of a queue, who acknowledge it before they decide again. */
  putOfficerNotice: {
    params: { name: string };
    body: {
      site: string;
      content: {
        summary: string;
        limits: string[];
        models: { id: string; digest: string; threshold: unknown[] }[];
        errorRates: { kind: string; errors: number; trials: number; source: string }[];
      };
    };
    answer: { id: string; version: number };
  };
  /** Say that you read a notice. */
  acknowledgeOfficerNotice: { params: { id: string }; answer: undefined };
  /** Which queues are seeded, and how many seeds are left. */
  listSeedPlans: { answer: { items: SeedPlan[] } };
  /** Begin to seed a queue. */
  planSeeds: {
    body: { site: string; use: string; kind: string; rate: number; wrongShare?: number; reason: string };
    answer: { id: string };
  };
  /** Make seeds for a plan out of findings that were decided. */
  stockSeeds: { params: { id: string }; body: { count: number }; answer: { made: number } };
  /** End a plan; seeds that nobody decided leave the queue. */
  endSeeds: { params: { id: string }; answer: undefined };
  /** How often people override the machine when it is wrong; of 5 people or more together. */
  measureSeeds: {
    query?: { months?: number };
    answer: {
      items: {
        use: string;
        month: string;
        people: number;
        measured: { override: SeededShare; rejectedRight: SeededShare; bias: SeededShare } | null;
      }[];
    };
  };
  /** Seeded findings that you decided, what they were, and your own figures, which nobody else is shown. */
  listMySeeds: {
    query?: { months?: number };
    answer: {
      decided: {
        finding: string;
        at: string;
        truth: 'wrong' | 'right';
        agreed: boolean;
        counts: boolean;
        explanation: string;
      }[];
      measures: { override: SeededShare; rejectedRight: SeededShare; bias: SeededShare; use: string }[];
    };
  };
  /** Sealed sets, newest first: what was committed to, never what is in them. */
  listAcceptanceSets: { answer: { items: AcceptanceSet[] } };
  /** Register a sealed set before anybody is tested on it: commitment.json as the lab signed it. */
  registerAcceptanceSet: {
    body: {
      claims: {
        format: 'tidewaiter-acceptance-set-1';
        name: string;
        items: number;
        commitment: string;
        plan: {
          schema: 1;
          use: string;
          kind: 'detection' | 'comparison';
          iou?: number;
          threshold: number;
          goals: {
            measure: 'recall' | 'precision' | 'average-precision' | 'fmr' | 'fnmr';
            atLeast?: number;
            atMost?: number;
          }[];
          sample: { truths?: number; mated?: number; nonmated?: number };
          limits?: { startSeconds?: number; itemSeconds?: number; totalSeconds?: number; memoryMiB?: number };
          months?: number;
          simulated?: boolean;
        };
        admitted: string[] | null;
        sealedAt: string;
      };
      signature: string;
      publicKey: string;
    };
    answer: undefined;
  };
  /** What was tested on sealed sets, with figures and verdicts, newest first. */
  listAcceptanceSubmissions: { answer: { items: AcceptanceSubmission[] } };
  /** Take in a report that a lab signed; its verdict is a test that permits rest on. */
  takeAcceptanceReport: {
    body: {
      claims: {
        format: 'tidewaiter-acceptance-1';
        tool: { name: string; version: string };
        startedAt: string;
        madeAt: string;
        set: {
          format: 'tidewaiter-acceptance-set-1';
          name: string;
          items: number;
          commitment: string;
          plan: {
            schema: 1;
            use: string;
            kind: 'detection' | 'comparison';
            iou?: number;
            threshold: number;
            goals: {
              measure: 'recall' | 'precision' | 'average-precision' | 'fmr' | 'fnmr';
              atLeast?: number;
              atMost?: number;
            }[];
            sample: { truths?: number; mated?: number; nonmated?: number };
            limits?: {
              startSeconds?: number;
              itemSeconds?: number;
              totalSeconds?: number;
              memoryMiB?: number;
            };
            months?: number;
            simulated?: boolean;
          };
          admitted: string[] | null;
          sealedAt: string;
        };
        submission: {
          vendor: string;
          kind: 'model' | 'process';
          name: string;
          digest: string;
          card?: string;
        };
        confinement: 'namespaces' | 'none';
        answered: number;
        fault: { kind: string; item: number; message: string } | null;
        answers: string;
        measures: {
          name: 'recall' | 'precision' | 'average-precision' | 'fmr' | 'fnmr';
          value: number | null;
          low: number;
          high: number;
          n: number;
        }[];
        goals: {
          measure: 'recall' | 'precision' | 'average-precision' | 'fmr' | 'fnmr';
          atLeast?: number;
          atMost?: number;
          verdict: 'passed' | 'failed' | 'not-estimable';
          why: string;
        }[];
        verdict: 'passed' | 'failed' | 'not-estimable';
      };
      signature: string;
      publicKey: string;
    };
    answer: { id: string; test?: string; suspension?: string };
  };
  /** Take the scores of a use in a span of time as those that were accepted. */
  setDriftBaseline: {
    params: { name: string };
    body: { from: string; to: string };
    answer: { scores: number };
  };
  /** How far each use was from what was accepted, day by day, newest first. */
  listDriftChecks: { answer: { items: DriftCheck[] } };
  /** Documents of uses, and whether their newest version is signed off. */
  listUseDocuments: {
    query?: { use?: string };
    answer: {
      items: {
        id: string;
        registration: string;
        use: string;
        kind: 'privacy-threshold-analysis' | 'ai-impact-assessment';
        version: number;
        sealedAt: string | null;
      }[];
    };
  };
  /** Write a document of a version of a use from its charter and from what is on record. */
  writeUseDocument: {
    params: { id: string };
    body: { kind: 'privacy-threshold-analysis' | 'ai-impact-assessment' };
    answer: { id: string };
  };
  /** A document, its newest version or an earlier one. */
  getUseDocument: { params: { id: string }; query?: { version?: number }; answer: UseDocument };
  /** Answer questions of a document; a new version comes of it. */
  editUseDocument: {
    params: { id: string };
    body: { answers: Record<string, string> };
    answer: { version: number };
  };
  /** What differs between two versions. */
  compareUseDocument: {
    params: { id: string };
    query: { from: number; to: number };
    answer: { items: { id: string; question: string; before: string; after: string }[] };
  };
  /** Sign the newest version off: the privacy office its analysis, AI governance its assessment. */
  sealUseDocument: { params: { id: string }; answer: undefined };
  /** A version as accessible PDF or for Word. */
  exportUseDocument: {
    params: { id: string; form: 'pdf' | 'docx' };
    query?: { version?: number };
    answer: undefined;
  };
  /** Charters of the uses that come along, with their models, and what each still lacks. */
  listBuiltInCharters: { answer: { items: BuiltInCharter[] } };
  /** Redact an asset; the outputs come into its case. */
  startRedaction: { body: { asset: string; profile?: string; reasons?: string }; answer: { job: string } };
  /** What each profile covers and how. */
  listProfiles: { answer: { items: RedactionProfile[] } };
  /** Reasons that may be given for a redaction, with the law each rests on. */
  listReasonTables: { answer: { items: ReasonTable[] } };
  /** Analyse an asset, so that people can review what is proposed. */
  startReview: { body: { asset: string; profile?: string; reasons?: string }; answer: RedactionReview };
  /** Reviews at the sites you work at, newest first. */
  listReviews: {
    query?: { limit?: number; cursor?: string; case?: string; asset?: string };
    answer: { items: RedactionReview[]; next?: string };
  };
  /** One review: where it is, and its revision. */
  getReview: { params: { id: string }; answer: RedactionReview };
  /** What the analysis proposed, and the rules for edits; it never changes. */
  readReviewBase: { params: { id: string }; answer: undefined };
  /** The plan that a review, or one of its releases, amounts to now. */
  readReviewPlan: { params: { id: string }; query?: { release?: string }; answer: Record<string, unknown> };
  /** Spots at which something may have been missed, open ones and the most urgent first. */
  listDoubts: { params: { id: string }; answer: { revision: number; items: RedactionDoubt[] } };
  /** Edits after a revision, in their order. */
  listEdits: {
    params: { id: string };
    query?: { after?: number; limit?: number };
    answer: { revision: number; edits: LoggedRedactionEdit[]; next?: number };
  };
  /** Add edits to the revision they build on; all of them or none. */
  addEdits: {
    params: { id: string };
    body: { revision: number; edits: RedactionEdit[] };
    answer: {
      revision: number;
      edits: LoggedRedactionEdit[];
      type?: 'about:blank';
      status?: number;
      title?: string;
      code?: string;
      remedy?: string;
      request?: string;
    };
  };
  /** New edits, the state, and who else looks at it, as server-sent events. */
  watchReview: { params: { id: string }; query?: { after?: number }; answer: undefined };
  /** End editing: to a second person where the profile asks for one, otherwise to rendering. */
  submitReview: { params: { id: string }; body: { revision: number }; answer: RedactionReview };
  /** Approve what others did; never your own edits. */
  approveReview: {
    params: { id: string };
    body: { revision: number; reason: string };
    answer: RedactionReview;
  };
  /** Give a review back to those who edit it, and say why. */
  returnReview: { params: { id: string }; body: { reason: string }; answer: RedactionReview };
  /** Edit a review again; what was rendered stays, and the next release takes a new approval. */
  reopenReview: { params: { id: string }; answer: RedactionReview };
  /** Render a release of an approved review into its case. */
  renderRelease: {
    params: { id: string };
    body: { release: string; revision: number };
    answer: RedactionRelease;
  };
  /** What was rendered from a review, newest first. */
  listReviewReleases: {
    params: { id: string };
    query?: { limit?: number; cursor?: string };
    answer: { items: RedactionRelease[]; next?: string };
  };
  /** One release: its state, its files, and the digest of its plan. */
  getReviewRelease: { params: { id: string }; answer: RedactionRelease };
  /** Which regions, reasons, spans and sound differ from another release of the same review. */
  compareReleases: { params: { id: string }; query: { with: string }; answer: RedactionDifference };
  /** Public keys that the records of releases verify with, newest first. */
  listRecordKeys: { answer: { items: { fingerprint: string; pem: string }[] } };
  /** Follow what is in a box through the recording; its job tells keyframes as they are found. */
  followBox: {
    params: { id: string };
    body: { at: number; box: unknown[]; class?: string; back?: number; ahead?: number };
    answer: { job: string };
  };
  /** Regions of the same recording that may show the same person or thing; proposals, the likeliest first. */
  listSimilarRegions: {
    params: { id: string; region: string };
    query?: { limit?: number };
    answer: { revision: number; items: RedactionSimilar[] };
  };
  /** The sites you work at, and which of them have a site file. */
  listWatchSites: {
    answer: { items: { id: string; name: string; timeZone: string; version: number | null }[] };
  };
  /** The site file, its newest version unless another is asked for. */
  getWatchSite: {
    params: { site: string };
    query?: { version?: number };
    answer: {
      site: string;
      version: number;
      text: string;
      clocks: { high: number; medium: number; low: number };
      case: string;
      changedBy: string;
      changedAt: string;
    };
  };
  /** Set the site file; cameras for which it changed begin anew, the others go on. A mistake is named with its line and key. */
  putWatchSite: {
    params: { site: string };
    body: { text: string; clocks?: { high: number; medium: number; low: number } };
    answer: {
      site: string;
      version: number;
      text: string;
      clocks: { high: number; medium: number; low: number };
      case: string;
      changedBy: string;
      changedAt: string;
    };
  };
  /** Cameras at the sites you work at, and whether they see. */
  listCameras: {
    query?: { limit?: number; cursor?: string; site?: string; removed?: 'yes' };
    answer: {
      items: {
        id: string;
        site: string;
        slot: string;
        name: string;
        source: { url: string; transport?: 'tcp' | 'udp' };
        detect: { url: string; transport?: 'tcp' | 'udp' } | null;
        hasCredentials: boolean;
        recording: {
          preRoll: number;
          postRoll: number;
          continuousDays: number;
          continuousGigabytes?: number;
        };
        enabled: boolean;
        service: string;
        state: 'off' | 'connecting' | 'seeing' | 'blind';
        why: string | null;
        since: string;
        problem: { code: string; message: string; remedy: string } | null;
        removedAt: string | null;
        version: number;
      }[];
      next?: string;
    };
  };
  /** Watch a camera. */
  addCamera: {
    body: {
      site: string;
      slot: string;
      name: string;
      source: { url: string; transport?: 'tcp' | 'udp' };
      detect?: { url: string; transport?: 'tcp' | 'udp' } | null;
      credentials?: { user: string; password: string } | null;
      recording?: {
        preRoll?: number;
        postRoll?: number;
        continuousDays?: number;
        continuousGigabytes?: number;
      };
      enabled?: boolean;
    };
    answer: {
      id: string;
      site: string;
      slot: string;
      name: string;
      source: { url: string; transport?: 'tcp' | 'udp' };
      detect: { url: string; transport?: 'tcp' | 'udp' } | null;
      hasCredentials: boolean;
      recording: { preRoll: number; postRoll: number; continuousDays: number; continuousGigabytes?: number };
      enabled: boolean;
      service: string;
      state: 'off' | 'connecting' | 'seeing' | 'blind';
      why: string | null;
      since: string;
      problem: { code: string; message: string; remedy: string } | null;
      removedAt: string | null;
      version: number;
    };
  };
  /** One camera. */
  getCamera: {
    params: { id: string };
    answer: {
      id: string;
      site: string;
      slot: string;
      name: string;
      source: { url: string; transport?: 'tcp' | 'udp' };
      detect: { url: string; transport?: 'tcp' | 'udp' } | null;
      hasCredentials: boolean;
      recording: { preRoll: number; postRoll: number; continuousDays: number; continuousGigabytes?: number };
      enabled: boolean;
      service: string;
      state: 'off' | 'connecting' | 'seeing' | 'blind';
      why: string | null;
      since: string;
      problem: { code: string; message: string; remedy: string } | null;
      removedAt: string | null;
      version: number;
    };
  };
  /** Change a camera that nobody changed since you saw it; it begins anew, unless only its name was. */
  changeCamera: {
    params: { id: string };
    body: {
      name?: string;
      source?: { url: string; transport?: 'tcp' | 'udp' };
      detect?: { url: string; transport?: 'tcp' | 'udp' } | null;
      credentials?: { user: string; password: string } | null;
      recording?: {
        preRoll?: number;
        postRoll?: number;
        continuousDays?: number;
        continuousGigabytes?: number;
      };
      enabled?: boolean;
    };
    answer: {
      id: string;
      site: string;
      slot: string;
      name: string;
      source: { url: string; transport?: 'tcp' | 'udp' };
      detect: { url: string; transport?: 'tcp' | 'udp' } | null;
      hasCredentials: boolean;
      recording: { preRoll: number; postRoll: number; continuousDays: number; continuousGigabytes?: number };
      enabled: boolean;
      service: string;
      state: 'off' | 'connecting' | 'seeing' | 'blind';
      why: string | null;
      since: string;
      problem: { code: string; message: string; remedy: string } | null;
      removedAt: string | null;
      version: number;
    };
  };
  /** Watch a camera no more; its incidents and recordings stay, its user and password are forgotten. */
  removeCamera: { params: { id: string }; body: { reason: string }; answer: undefined };
  /** Ask the network for ONVIF cameras; with a user and password for their streams too. Neither is kept. */
  discoverCameras: {
    body: { credentials: { user: string; password: string } | null };
    answer: {
      items: {
        name: string;
        address: string;
        streams: { profile: string; url: string }[];
        problem: string | null;
      }[];
    };
  };
  /** What was armed and disarmed by hand, newest first. */
  listOverrides: {
    params: { site: string };
    query?: { limit?: number; cursor?: string; now?: 'yes' };
    answer: {
      items: {
        id: string;
        site: string;
        camera: string | null;
        zone: string | null;
        state: 'armed' | 'disarmed';
        reason: string;
        from: string;
        until: string;
        by: string;
        endedBy: string | null;
        endedAt: string | null;
      }[];
      next?: string;
    };
  };
  /** Arm or disarm by hand until a time; what would have been shown is kept, marked. */
  setOverride: {
    params: { site: string };
    body: { camera?: string; zone?: string; state: 'armed' | 'disarmed'; reason: string; until: string };
    answer: {
      id: string;
      site: string;
      camera: string | null;
      zone: string | null;
      state: 'armed' | 'disarmed';
      reason: string;
      from: string;
      until: string;
      by: string;
      endedBy: string | null;
      endedAt: string | null;
    };
  };
  /** End now what was armed or disarmed by hand. */
  endOverride: {
    params: { id: string };
    answer: {
      id: string;
      site: string;
      camera: string | null;
      zone: string | null;
      state: 'armed' | 'disarmed';
      reason: string;
      from: string;
      until: string;
      by: string;
      endedBy: string | null;
      endedAt: string | null;
    };
  };
  /** Incidents at the sites you work at, newest first unless another order is asked for. */
  listIncidents: {
    query?: {
      limit?: number;
      cursor?: string;
      site?: string;
      camera?: string;
      state?: 'new' | 'acknowledged' | 'confirmed' | 'dismissed' | 'escalated' | 'closed' | 'waiting';
      severity?: 'low' | 'medium' | 'high';
      dismissal?: 'animal' | 'weather' | 'lights' | 'authorised' | 'shadow' | 'insect' | 'other';
      test?: 'yes' | 'no';
      from?: string;
      to?: string;
      order?: 'newest' | 'priority';
    };
    answer: {
      items: {
        id: string;
        site: string;
        camera: string;
        severity: 'low' | 'medium' | 'high';
        priority: number;
        state: 'new' | 'acknowledged' | 'confirmed' | 'dismissed' | 'escalated' | 'closed';
        test: boolean;
        startedAt: string;
        lastAlertAt: string;
        over: boolean;
        rules: string[];
        tracks: string[];
        dueAt: string;
        acknowledgedBy: string | null;
        acknowledgedAt: string | null;
        outcome: 'confirmed' | 'dismissed' | null;
        dismissal: 'animal' | 'weather' | 'lights' | 'authorised' | 'shadow' | 'insect' | 'other' | null;
        escalatedTo: 'officer' | 'investigator' | 'supervisor' | 'privacy' | null;
        escalatedAt: string | null;
        closedAt: string | null;
        version: number;
      }[];
      next?: string;
    };
  };
  /** One incident with its alerts, each with its reason card, and all that was done about it. */
  getIncident: {
    params: { id: string };
    answer: {
      id: string;
      site: string;
      camera: string;
      severity: 'low' | 'medium' | 'high';
      priority: number;
      state: 'new' | 'acknowledged' | 'confirmed' | 'dismissed' | 'escalated' | 'closed';
      test: boolean;
      startedAt: string;
      lastAlertAt: string;
      over: boolean;
      rules: string[];
      tracks: string[];
      dueAt: string;
      acknowledgedBy: string | null;
      acknowledgedAt: string | null;
      outcome: 'confirmed' | 'dismissed' | null;
      dismissal: 'animal' | 'weather' | 'lights' | 'authorised' | 'shadow' | 'insect' | 'other' | null;
      escalatedTo: 'officer' | 'investigator' | 'supervisor' | 'privacy' | null;
      escalatedAt: string | null;
      closedAt: string | null;
      version: number;
      assignedTo: string | null;
      alerts: {
        id: string;
        site: string;
        camera: string;
        incident: string | null;
        at: string;
        rule: string;
        severity: 'low' | 'medium' | 'high';
        suppressed: string | null;
        override: string | null;
        class: string | null;
        box: Record<string, number>;
        picture: { width: number; height: number } | null;
        reason: Record<string, unknown>;
        latency: Record<string, number>;
        hasSnapshot: boolean;
        hasClip: boolean;
      }[];
      steps: {
        step: string;
        by: string | null;
        note: string | null;
        facts: Record<string, unknown>;
        at: string;
      }[];
    };
  };
  /** Acknowledge, confirm, dismiss, escalate, close, assign or note; send the ETag as If-Match, but for notes. */
  stepIncident: {
    params: { id: string };
    body:
      | { step: 'acknowledge' }
      | { step: 'confirm'; note: string }
      | {
          step: 'dismiss';
          reason: 'animal' | 'weather' | 'lights' | 'authorised' | 'shadow' | 'insect' | 'other';
          note?: string;
        }
      | { step: 'escalate'; role: 'officer' | 'investigator' | 'supervisor' | 'privacy'; note: string }
      | { step: 'close'; note?: string }
      | { step: 'assign'; person: string | null }
      | { step: 'note'; note: string };
    answer: {
      id: string;
      site: string;
      camera: string;
      severity: 'low' | 'medium' | 'high';
      priority: number;
      state: 'new' | 'acknowledged' | 'confirmed' | 'dismissed' | 'escalated' | 'closed';
      test: boolean;
      startedAt: string;
      lastAlertAt: string;
      over: boolean;
      rules: string[];
      tracks: string[];
      dueAt: string;
      acknowledgedBy: string | null;
      acknowledgedAt: string | null;
      outcome: 'confirmed' | 'dismissed' | null;
      dismissal: 'animal' | 'weather' | 'lights' | 'authorised' | 'shadow' | 'insect' | 'other' | null;
      escalatedTo: 'officer' | 'investigator' | 'supervisor' | 'privacy' | null;
      escalatedAt: string | null;
      closedAt: string | null;
      version: number;
      tested?: { right: boolean };
    };
  };
  /** Alerts at the sites you work at, suppressed ones too, newest first. */
  listAlerts: {
    query?: {
      limit?: number;
      cursor?: string;
      site?: string;
      camera?: string;
      rule?: string;
      suppressed?: 'yes' | 'no' | 'learned' | 'site open' | 'disarmed by hand' | 'cool-down' | 'same event';
      from?: string;
      to?: string;
    };
    answer: {
      items: {
        id: string;
        site: string;
        camera: string;
        incident: string | null;
        at: string;
        rule: string;
        severity: 'low' | 'medium' | 'high';
        suppressed: string | null;
        override: string | null;
        class: string | null;
        box: Record<string, number>;
        picture: { width: number; height: number } | null;
        reason: Record<string, unknown>;
        latency: Record<string, number>;
        hasSnapshot: boolean;
        hasClip: boolean;
      }[];
      next?: string;
    };
  };
  /** The snapshot or clip of an alert as the camera saw it; who asked, and why, is recorded. */
  revealAlert: {
    params: { id: string };
    body: { what: 'snapshot' | 'clip'; reason: string };
    answer: undefined;
  };
  /** A camera as it sees, over a WebSocket: JSON with the codecs, the head, then fragments of MP4; who watches, and why, is recorded. */
  watchCameraLive: { params: { id: string }; query: { reason: string }; answer: undefined };
  /** A camera in a small picture in which people, vehicles and all that moves are plain areas, as multipart JPEG. */
  watchCameraMasked: { params: { id: string }; query?: { follow?: 'yes' | 'no' }; answer: undefined };
  /** What was recorded of a camera as one fragmented MP4, from the key frame before; it ends where the coding changes. */
  playRecording: {
    params: { id: string };
    query: { from: string; to: string; reason: string };
    answer: undefined;
  };
  /** Where the recording of a camera has gaps, and where it changes its coding. */
  listRecordingGaps: {
    params: { id: string };
    query: { from: string; to: string };
    answer: {
      gaps: { from: string; to: string; why: 'not recorded' | 'file missing' | 'file damaged' }[];
      streams: { at: string; codecs: string }[];
    };
  };
  /** What was recorded around an alert, and what of it is missing; seconds from the alert on. */
  listAlertRecordings: {
    params: { id: string };
    answer: {
      items: {
        kind: 'clip' | 'masked-still' | 'masked-clip';
        askedFrom?: number;
        askedTo?: number;
        begins?: number;
        ends?: number;
        at?: string;
        missing?: { from: number; to: number; why: string }[];
        salvaged?: true;
      }[];
    };
  };
  /** The picture of an alert, masked. */
  getMaskedStill: { params: { id: string }; answer: undefined };
  /** The clip of an alert, masked. */
  getMaskedClip: { params: { id: string }; answer: undefined };
  /** When a camera was recorded, by the days of its site, newest day first. */
  listRecordingDays: {
    params: { id: string };
    query: { from: string; to: string };
    answer: {
      timeZone: string;
      days: { day: string; bytes: number; spans: { from: string; to: string }[] }[];
    };
  };
  /** All that is known about an incident in one signed zip; who took it, and why, is recorded. */
  packageEvidence: { params: { id: string }; query: { reason: string }; answer: undefined };
  /** Incidents, cameras and overrides each time they change, as server-sent events; Last-Event-ID goes on where it broke off. */
  followWatchSite: {
    params: { site: string };
    query?: { after?: number; follow?: 'yes' | 'no' };
    answer: undefined;
  };
  /** Seconds of each hour in which a camera saw, was blind, or was not watched: quiet is not blind. */
  getCoverage: {
    params: { id: string };
    query: { from: string; to: string };
    answer: { hours: { hour: string; seeing: number; blind: number; unwatched: number; alerts: number }[] };
  };
  /** What operators were asked to look at, and how they kept up; test clips left out. */
  getOperatorLoad: {
    params: { site: string };
    query: { from: string; to: string };
    answer: {
      incidents: number;
      operatorHours: number;
      unattended: number;
      perOperatorHour: number | null;
      tenMinutes: { intervals: number; mean: number; most: number; above: number; floods: number };
      acknowledged: { n: number; medianSeconds: number | null; p95Seconds: number | null };
      decided: { n: number; dismissed: number };
      noisiest: {
        camera: string;
        rule: string;
        alerts: number;
        dismissed: number;
        mostInMinute: number;
        chattering: boolean;
      }[];
    };
  };
  /** The report for the next shift, as data and as text to print. */
  getHandover: {
    params: { site: string };
    query: { from: string; to: string };
    answer: {
      site: string;
      siteName: string;
      timeZone: string;
      from: string;
      to: string;
      open: {
        id: string;
        camera: string;
        severity: string;
        state: string;
        startedAt: string;
        rules: string[];
        outcome: string | null;
        escalatedTo: string | null;
        acknowledgedAfterSeconds: number | null;
        notes: string[];
      }[];
      happened: {
        id: string;
        camera: string;
        severity: string;
        state: string;
        startedAt: string;
        rules: string[];
        outcome: string | null;
        escalatedTo: string | null;
        acknowledgedAfterSeconds: number | null;
        notes: string[];
      }[];
      tests: {
        id: string;
        camera: string;
        severity: string;
        state: string;
        startedAt: string;
        rules: string[];
        outcome: string | null;
        escalatedTo: string | null;
        acknowledgedAfterSeconds: number | null;
        notes: string[];
      }[];
      gaps: { camera: string; name: string; from: string; to: string; why: string }[];
      overrides: { place: string; state: string; reason: string; from: string; until: string }[];
      load: {
        incidents: number;
        operatorHours: number;
        unattended: number;
        perOperatorHour: number | null;
        tenMinutes: { intervals: number; mean: number; most: number; above: number; floods: number };
        acknowledged: { n: number; medianSeconds: number | null; p95Seconds: number | null };
        decided: { n: number; dismissed: number };
        noisiest: {
          camera: string;
          rule: string;
          alerts: number;
          dismissed: number;
          mostInMinute: number;
          chattering: boolean;
        }[];
      };
      text: string;
    };
  };
  /** Which known clips are played at the site, newest plan first. */
  listInjectionPlans: {
    params: { site: string };
    query?: { limit?: number; cursor?: string };
    answer: {
      items: {
        id: string;
        site: string;
        camera: string;
        clip: string;
        reason: string;
        expect: { rule: string; withinSeconds: number };
        repeat: { everyHours: number; hours?: { from: number; to: number } } | null;
        nextAt: string | null;
        problem: string | null;
        madeBy: string;
        createdAt: string;
        endedAt: string | null;
      }[];
      next?: string;
    };
  };
  /** Play a known clip beside a camera, now or from time to time; operators cannot tell it. */
  planInjection: {
    params: { site: string };
    body: {
      camera: string;
      clip: string;
      expect: { rule: string; withinSeconds: number };
      repeat?: { everyHours: number; hours?: { from: number; to: number } };
      reason: string;
    };
    answer: {
      id: string;
      site: string;
      camera: string;
      clip: string;
      reason: string;
      expect: { rule: string; withinSeconds: number };
      repeat: { everyHours: number; hours?: { from: number; to: number } } | null;
      nextAt: string | null;
      problem: string | null;
      madeBy: string;
      createdAt: string;
      endedAt: string | null;
    };
  };
  /** Play the clip of a plan no more; what was measured stays. */
  endInjectionPlan: {
    params: { id: string };
    answer: {
      id: string;
      site: string;
      camera: string;
      clip: string;
      reason: string;
      expect: { rule: string; withinSeconds: number };
      repeat: { everyHours: number; hours?: { from: number; to: number } } | null;
      nextAt: string | null;
      problem: string | null;
      madeBy: string;
      createdAt: string;
      endedAt: string | null;
    };
  };
  /** How known clips were detected and answered, by camera; by no person. */
  getInjectionReport: {
    params: { site: string };
    query: { from: string; to: string };
    answer: {
      cameras: {
        camera: string;
        played: number;
        notArmed: number;
        failed: number;
        detected: {
          some: number;
          of: number;
          share: number | null;
          interval: { low: number; high: number } | null;
        };
        latencyMedian: number | null;
        acknowledgedInTime: {
          some: number;
          of: number;
          share: number | null;
          interval: { low: number; high: number } | null;
        };
        decidedRightly: {
          some: number;
          of: number;
          share: number | null;
          interval: { low: number; high: number } | null;
        };
        missed: number;
        undecided: number;
      }[];
    };
  };
  /** Playings of known clips and how each was answered, by no person; the newest 500. */
  listInjectionPlays: {
    params: { site: string };
    query: { from: string; to: string };
    answer: {
      items: {
        id: string;
        plan: string;
        camera: string;
        playedAt: string;
        rule: string;
        state: 'playing' | 'detected' | 'undetected' | 'not armed' | 'failed';
        latency: number | null;
        answer: 'open' | 'acknowledged' | 'confirmed' | 'dismissed' | 'escalated' | 'missed' | null;
        acknowledgedAfterSeconds: number | null;
        problem: string | null;
      }[];
    };
  };
  /** What was learned from dismissals: proposed, approved, declined and ended, newest first. */
  listSuppressions: {
    params: { site: string };
    query?: { limit?: number; cursor?: string };
    answer: {
      items: {
        id: string;
        site: string;
        camera: string;
        condition: {
          place: string;
          class: string;
          minutes: { from: number; to: number } | null;
          heights: { least: number; most: number } | null;
          area: { x: number; y: number; width: number; height: number } | null;
        };
        state: 'proposed' | 'approved' | 'declined' | 'ended' | 'expired';
        evidence: {
          dismissed: number;
          confirmed: number;
          undecided: number;
          days: number;
          sentence: string;
          purity: { low: number; high: number };
        };
        hidden: number;
        proposedAt: string;
        reason: string | null;
        decidedBy: string | null;
        expiresAt: string | null;
        endedAt: string | null;
        review: string | null;
      }[];
      next?: string;
    };
  };
  /** Look for what was dismissed again and again; nothing is hidden until somebody approves it. */
  proposeSuppressions: {
    params: { site: string };
    answer: {
      items: {
        id: string;
        site: string;
        camera: string;
        condition: {
          place: string;
          class: string;
          minutes: { from: number; to: number } | null;
          heights: { least: number; most: number } | null;
          area: { x: number; y: number; width: number; height: number } | null;
        };
        state: 'proposed' | 'approved' | 'declined' | 'ended' | 'expired';
        evidence: {
          dismissed: number;
          confirmed: number;
          undecided: number;
          days: number;
          sentence: string;
          purity: { low: number; high: number };
        };
        hidden: number;
        proposedAt: string;
        reason: string | null;
        decidedBy: string | null;
        expiresAt: string | null;
        endedAt: string | null;
        review: string | null;
      }[];
    };
  };
  /** Approve a proposal for some days, or decline it; it is tried anew on what was told until now. */
  decideSuppression: {
    params: { id: string };
    body: { decision: 'approve'; reason: string; days?: number } | { decision: 'decline'; reason: string };
    answer: {
      id: string;
      site: string;
      camera: string;
      condition: {
        place: string;
        class: string;
        minutes: { from: number; to: number } | null;
        heights: { least: number; most: number } | null;
        area: { x: number; y: number; width: number; height: number } | null;
      };
      state: 'proposed' | 'approved' | 'declined' | 'ended' | 'expired';
      evidence: {
        dismissed: number;
        confirmed: number;
        undecided: number;
        days: number;
        sentence: string;
        purity: { low: number; high: number };
      };
      hidden: number;
      proposedAt: string;
      reason: string | null;
      decidedBy: string | null;
      expiresAt: string | null;
      endedAt: string | null;
      review: string | null;
    };
  };
  /** End an approved suppression at once. */
  endSuppression: {
    params: { id: string };
    body: { reason: string };
    answer: {
      id: string;
      site: string;
      camera: string;
      condition: {
        place: string;
        class: string;
        minutes: { from: number; to: number } | null;
        heights: { least: number; most: number } | null;
        area: { x: number; y: number; width: number; height: number } | null;
      };
      state: 'proposed' | 'approved' | 'declined' | 'ended' | 'expired';
      evidence: {
        dismissed: number;
        confirmed: number;
        undecided: number;
        days: number;
        sentence: string;
        purity: { low: number; high: number };
      };
      hidden: number;
      proposedAt: string;
      reason: string | null;
      decidedBy: string | null;
      expiresAt: string | null;
      endedAt: string | null;
      review: string | null;
    };
  };
  /** What a changed site file would have told in a period: new, gone and the same alerts. */
  backTestSite: {
    params: { site: string };
    body: { text: string; from: string; to: string; cameras?: string[] };
    answer: {
      rules: {
        camera: string;
        rule: string;
        before: number;
        after: number;
        same: number;
        gone: number;
        new: number;
      }[];
      gone: { confirmed: number; dismissed: number; undecided: number };
      goneAlerts: {
        camera: string;
        rule: string;
        track: string;
        at: string;
        text: string;
        outcome: 'confirmed' | 'dismissed' | null;
      }[];
      newAlerts: {
        camera: string;
        rule: string;
        track: string;
        at: string;
        text: string;
        outcome: 'confirmed' | 'dismissed' | null;
      }[];
      same: number;
      withoutTracks: number;
      notTestable: { camera: string; rule: string; kind: string }[];
      minutes: number;
      looks: number;
    };
  };
  /** Where alerts of the site are sent. */
  listChannels: {
    params: { site: string };
    query?: { limit?: number; cursor?: string };
    answer: { items: WatchChannel[]; next?: string };
  };
  /** Send alerts of the site somewhere; the secret that signs a webhook is shown once. */
  addChannel: {
    params: { site: string };
    body: {
      name: string;
      destination:
        | { kind: 'webhook'; url: string }
        | {
            kind: 'mqtt';
            host: string;
            port: number;
            tls: boolean;
            user?: string;
            password?: string;
            ca?: string;
            version?: 4 | 5;
            prefix?: string;
          }
        | {
            kind: 'email';
            host: string;
            port: number;
            user?: string;
            password?: string;
            ca?: string;
            security?: 'starttls' | 'tls' | 'none';
            from: string;
            to: string[];
          }
        | { kind: 'cap'; url: string; sender: string; user?: string; password?: string }
        | {
            kind: 'vms-http';
            url: string;
            method?: 'POST' | 'PUT';
            headers?: Record<string, string>;
            template:
              | { format: 'json'; body: string }
              | { format: 'form'; fields: Record<string, string> }
              | { format: 'xml'; body: string };
            user?: string;
            password?: string;
          }
        | { kind: 'onvif-event'; url: string; user?: string; password?: string };
      choice?: {
        severities?: ('low' | 'medium' | 'high')[];
        rules?: string[];
        steps?: ('new' | 'escalated' | 'acknowledged' | 'confirmed' | 'dismissed' | 'closed')[];
        quiet?: Record<string, string[]>;
        perMinute?: number;
      };
    };
    answer: {
      id: string;
      site: string;
      name: string;
      kind: string;
      enabled: boolean;
      destination: Record<string, unknown>;
      choice: {
        severities: ('low' | 'medium' | 'high')[];
        rules: string[];
        steps: ('new' | 'escalated' | 'acknowledged' | 'confirmed' | 'dismissed' | 'closed')[];
        quiet: Record<string, string[]>;
        perMinute?: number;
      };
      waiting: number;
      dead: number;
      lastSentAt: string | null;
      problem: string | null;
      retryAt: string | null;
      createdAt: string;
      secret?: string;
    };
  };
  /** Rename a channel, choose what it carries, or switch it; another destination is another channel. */
  changeChannel: {
    params: { id: string };
    body: {
      name?: string;
      choice?: {
        severities?: ('low' | 'medium' | 'high')[];
        rules?: string[];
        steps?: ('new' | 'escalated' | 'acknowledged' | 'confirmed' | 'dismissed' | 'closed')[];
        quiet?: Record<string, string[]>;
        perMinute?: number;
      };
      enabled?: boolean;
    };
    answer: WatchChannel;
  };
  /** Send nothing more there; what waits is forgotten. */
  removeChannel: { params: { id: string }; answer: undefined };
  /** Send a message marked TEST; what came of it stands among the messages. */
  testChannel: { params: { id: string }; answer: { message: string } };
  /** What was sent, waits, or was given up and why; newest first, for a month. */
  listChannelMessages: {
    params: { id: string };
    query?: { limit?: number; cursor?: string; state?: 'waiting' | 'sent' | 'dead' };
    answer: {
      items: {
        id: string;
        state: 'waiting' | 'sent' | 'dead';
        tries: number;
        problem: string | null;
        message: Record<string, unknown>;
        createdAt: string;
        endedAt: string | null;
      }[];
      next?: string;
    };
  };
  /** Try at once, also what was given up. */
  retryChannel: { params: { id: string }; answer: WatchChannel };
  /** The newest incidents of the site as CAP 1.2 alerts in an Atom feed. */
  getCapFeed: { params: { site: string }; answer: undefined };
}

/** Method and path of each operation. */
export const operations: Readonly<Record<keyof Operations, readonly [method: string, path: string]>> = {
  claimFirstRun: ['POST', '/first-run'],
  getSession: ['GET', '/session'],
  signIn: ['POST', '/session'],
  signOut: ['DELETE', '/session'],
  chooseNewPassword: ['POST', '/session/new-password'],
  proveSecondFactor: ['POST', '/session/second-factor'],
  startEnrolment: ['POST', '/session/enrolment'],
  confirmEnrolment: ['PUT', '/session/enrolment'],
  removeApp: ['DELETE', '/session/enrolment'],
  acceptBanner: ['POST', '/session/banner'],
  unlockSession: ['POST', '/session/unlock'],
  signOutEverywhere: ['DELETE', '/session/everywhere'],
  changePassword: ['PUT', '/session/password'],
  startPasskey: ['POST', '/session/passkeys/enrolment'],
  confirmPasskey: ['PUT', '/session/passkeys/enrolment'],
  askPasskey: ['POST', '/session/passkey/challenge'],
  provePasskey: ['POST', '/session/passkey'],
  listPasskeys: ['GET', '/session/passkeys'],
  removePasskey: ['DELETE', '/session/passkeys/{id}'],
  listSessions: ['GET', '/sessions'],
  endOtherSessions: ['DELETE', '/sessions'],
  endSession: ['DELETE', '/sessions/{id}'],
  beginOidc: ['GET', '/session/oidc'],
  endOidc: ['GET', '/session/oidc/return'],
  listIdentities: ['GET', '/people/{id}/identities'],
  linkIdentity: ['POST', '/people/{id}/identities'],
  unlinkIdentity: ['DELETE', '/people/{id}/identities'],
  listSites: ['GET', '/sites'],
  createSite: ['POST', '/sites'],
  listPeople: ['GET', '/people'],
  createPerson: ['POST', '/people'],
  grantRole: ['POST', '/people/{id}/grants'],
  revokeRole: ['DELETE', '/people/{id}/grants'],
  disablePerson: ['POST', '/people/{id}/disable'],
  enablePerson: ['POST', '/people/{id}/enable'],
  listTokens: ['GET', '/tokens'],
  createToken: ['POST', '/tokens'],
  revokeToken: ['DELETE', '/tokens/{id}'],
  resetPassword: ['POST', '/people/{id}/password-reset'],
  resetSecondFactor: ['POST', '/people/{id}/second-factor-reset'],
  listResets: ['GET', '/people/{id}/resets'],
  listCases: ['GET', '/cases'],
  openCase: ['POST', '/cases'],
  getCase: ['GET', '/cases/{id}'],
  changeCase: ['PATCH', '/cases/{id}'],
  extendCase: ['POST', '/cases/{id}/extensions'],
  proposeDeadline: ['GET', '/deadlines/proposal'],
  listAssets: ['GET', '/cases/{id}/assets'],
  uploadAsset: ['POST', '/cases/{id}/assets'],
  getAsset: ['GET', '/assets/{id}'],
  eraseAsset: ['DELETE', '/assets/{id}'],
  readAsset: ['GET', '/assets/{id}/content'],
  holdAsset: ['PUT', '/assets/{id}/hold'],
  getProxy: ['GET', '/assets/{id}/proxy'],
  requestProxy: ['POST', '/assets/{id}/proxy'],
  readProxy: ['GET', '/assets/{id}/proxy/{kind}'],
  uploadsAbilities: ['OPTIONS', '/cases/{id}/uploads'],
  beginUpload: ['POST', '/cases/{id}/uploads'],
  uploadAbilities: ['OPTIONS', '/uploads/{id}'],
  askUpload: ['HEAD', '/uploads/{id}'],
  sendPiece: ['PATCH', '/uploads/{id}'],
  endUpload: ['DELETE', '/uploads/{id}'],
  listJobs: ['GET', '/jobs'],
  getJob: ['GET', '/jobs/{id}'],
  watchJob: ['GET', '/jobs/{id}/events'],
  cancelJob: ['POST', '/jobs/{id}/cancel'],
  listServices: ['GET', '/services'],
  stopService: ['POST', '/services/{id}/stop'],
  startService: ['POST', '/services/{id}/start'],
  listChores: ['GET', '/housekeeping'],
  listObservations: ['GET', '/observations'],
  countObservations: ['GET', '/observations/hours'],
  listFindings: ['GET', '/findings'],
  assignFinding: ['PUT', '/findings/{id}/assignee'],
  getFinding: ['GET', '/findings/{id}'],
  decide: ['POST', '/findings/{id}/decisions'],
  listReleases: ['GET', '/cases/{id}/releases'],
  release: ['POST', '/cases/{id}/releases'],
  listWebhooks: ['GET', '/webhooks'],
  createWebhook: ['POST', '/webhooks'],
  enableWebhook: ['POST', '/webhooks/{id}/enable'],
  deleteWebhook: ['DELETE', '/webhooks/{id}'],
  listDeliveries: ['GET', '/webhooks/{id}/deliveries'],
  listCaseActivity: ['GET', '/cases/{id}/activity'],
  listAssetActivity: ['GET', '/assets/{id}/activity'],
  listColleagues: ['GET', '/colleagues'],
  listLibrary: ['GET', '/assets'],
  getToday: ['GET', '/today'],
  listBaselines: ['GET', '/baselines'],
  setBaseline: ['PUT', '/baselines/{use}'],
  removeBaseline: ['DELETE', '/baselines/{use}'],
  listModels: ['GET', '/models'],
  listRefusals: ['GET', '/refusals'],
  listRetentionClasses: ['GET', '/retention-classes'],
  setRetentionClass: ['PUT', '/retention-classes/{name}'],
  getWelcome: ['GET', '/welcome'],
  readLedgerHead: ['GET', '/ledger/head'],
  listLedgerEntries: ['GET', '/ledger/entries'],
  proveLedgerEntry: ['GET', '/ledger/entries/{index}/proof'],
  proveLedgerGrowth: ['GET', '/ledger/growth'],
  listRegistrations: ['GET', '/governance/registrations'],
  registerUse: ['POST', '/governance/registrations'],
  signUse: ['POST', '/governance/registrations/{id}/sign-offs'],
  suspendUse: ['POST', '/governance/uses/{name}/suspend'],
  listSuspensions: ['GET', '/governance/suspensions'],
  liftSuspension: ['POST', '/governance/suspensions/{id}/lift'],
  listQuestions: ['GET', '/governance/registrations/{id}/questions'],
  askQuestion: ['POST', '/governance/registrations/{id}/questions'],
  replyToQuestion: ['POST', '/governance/questions/{id}/words'],
  settleQuestion: ['POST', '/governance/questions/{id}/settle'],
  recordTest: ['POST', '/governance/uses/{name}/tests'],
  recordFaceTest: ['POST', '/governance/uses/{name}/face-tests'],
  recordTraining: ['POST', '/governance/uses/{name}/training'],
  grantWaiver: ['POST', '/governance/registrations/{id}/waivers'],
  listWaivers: ['GET', '/governance/waivers'],
  changeWaiver: ['POST', '/governance/waivers/{id}/{change}'],
  listPermits: ['GET', '/governance/permits'],
  issuePermit: ['POST', '/governance/permits'],
  exportPermit: ['GET', '/governance/permits/{id}'],
  revokePermit: ['POST', '/governance/permits/{id}/revoke'],
  getMode: ['GET', '/governance/mode'],
  proposeEvaluation: ['POST', '/governance/mode'],
  confirmEvaluation: ['POST', '/governance/mode/{proposal}/confirm'],
  proposeEnforcement: ['POST', '/cases/{id}/enforcement-records'],
  listEnforcement: ['GET', '/cases/{id}/enforcement-records'],
  confirmEnforcement: ['POST', '/cases/{id}/enforcement-records/{record}/confirm'],
  importEnforcement: ['POST', '/enforcement-records/import'],
  askCaptureGate: ['POST', '/governance/capture-gate/questions'],
  recordCapture: ['POST', '/governance/capture-gate/captures'],
  completePassage: ['POST', '/governance/capture-gate/passages/{id}/complete'],
  countOptOuts: ['GET', '/governance/opt-outs'],
  listUnsignedCaptures: ['GET', '/governance/capture-gate/unsigned'],
  keepStandingOptOut: ['POST', '/governance/opt-outs/standing'],
  withdrawStandingOptOut: ['POST', '/governance/opt-outs/standing/withdraw'],
  getEqualService: ['GET', '/governance/equal-service'],
  listNotices: ['GET', '/governance/notices'],
  publishNotice: ['POST', '/governance/notices'],
  receiveRedress: ['POST', '/governance/redress'],
  listRedress: ['GET', '/governance/redress'],
  extendRedress: ['POST', '/governance/redress/{id}/extend'],
  decideRedress: ['POST', '/governance/redress/{id}/decide'],
  notifyRedress: ['POST', '/governance/redress/{id}/notify'],
  addRedressRecipient: ['POST', '/governance/redress/{id}/recipients'],
  tellRedressRecipient: ['POST', '/governance/redress/{id}/recipients/{recipient}/told'],
  listRedressClocks: ['GET', '/governance/redress/clocks'],
  setRedressClock: ['POST', '/governance/redress/clocks'],
  getUseInFull: ['GET', '/governance/oversight/registrations/{id}'],
  searchLedger: ['GET', '/governance/oversight/ledger'],
  listLedgerHeads: ['GET', '/governance/oversight/heads'],
  exportLedgerFile: ['GET', '/governance/oversight/ledger-file'],
  previewPublicRecord: ['GET', '/governance/oversight/public-record'],
  exportOwnInventory: ['GET', '/governance/oversight/inventory'],
  exportTransparencyPage: ['GET', '/governance/oversight/transparency'],
  getCalendar: ['GET', '/governance/oversight/calendar'],
  listUsesToReview: ['GET', '/governance/oversight/reviews'],
  watchDisparity: ['GET', '/governance/oversight/disparity'],
  recordGroupTable: ['POST', '/governance/oversight/tests/{id}/groups'],
  reportIncident: ['POST', '/governance/oversight/incidents'],
  listAiIncidents: ['GET', '/governance/oversight/incidents'],
  suspendForIncident: ['POST', '/governance/oversight/incidents/{id}/suspend'],
  closeIncident: ['POST', '/governance/oversight/incidents/{id}/close'],
  listMyTraining: ['GET', '/governance/training'],
  getTraining: ['GET', '/governance/training/{module}'],
  openTraining: ['POST', '/governance/training/{module}/attempts'],
  answerTraining: ['POST', '/governance/training-attempts/{id}/answers'],
  releaseTraining: ['POST', '/governance/training/{module}/release'],
  requireTraining: ['PUT', '/governance/uses/{name}/training-requirement'],
  listOfficerNotices: ['GET', '/governance/officer-notices'],
  draftOfficerNotice: ['GET', '/governance/uses/{name}/officer-notice-draft'],
  putOfficerNotice: ['POST', '/governance/uses/{name}/officer-notices'],
  acknowledgeOfficerNotice: ['POST', '/governance/officer-notices/{id}/acknowledgement'],
  listSeedPlans: ['GET', '/governance/seeding/plans'],
  planSeeds: ['POST', '/governance/seeding/plans'],
  stockSeeds: ['POST', '/governance/seeding/plans/{id}/stock'],
  endSeeds: ['POST', '/governance/seeding/plans/{id}/end'],
  measureSeeds: ['GET', '/governance/seeding/measures'],
  listMySeeds: ['GET', '/governance/seeding/mine'],
  listAcceptanceSets: ['GET', '/governance/acceptance/sets'],
  registerAcceptanceSet: ['POST', '/governance/acceptance/sets'],
  listAcceptanceSubmissions: ['GET', '/governance/acceptance/submissions'],
  takeAcceptanceReport: ['POST', '/governance/acceptance/submissions'],
  setDriftBaseline: ['POST', '/governance/uses/{name}/drift-baseline'],
  listDriftChecks: ['GET', '/governance/drift'],
  listUseDocuments: ['GET', '/governance/documents'],
  writeUseDocument: ['POST', '/governance/registrations/{id}/documents'],
  getUseDocument: ['GET', '/governance/documents/{id}'],
  editUseDocument: ['PATCH', '/governance/documents/{id}'],
  compareUseDocument: ['GET', '/governance/documents/{id}/difference'],
  sealUseDocument: ['POST', '/governance/documents/{id}/seal'],
  exportUseDocument: ['GET', '/governance/documents/{id}/export/{form}'],
  listBuiltInCharters: ['GET', '/governance/built-in-charters'],
  startRedaction: ['POST', '/redaction/jobs'],
  listProfiles: ['GET', '/redaction/profiles'],
  listReasonTables: ['GET', '/redaction/reason-tables'],
  startReview: ['POST', '/redaction/reviews'],
  listReviews: ['GET', '/redaction/reviews'],
  getReview: ['GET', '/redaction/reviews/{id}'],
  readReviewBase: ['GET', '/redaction/reviews/{id}/base'],
  readReviewPlan: ['GET', '/redaction/reviews/{id}/plan'],
  listDoubts: ['GET', '/redaction/reviews/{id}/doubts'],
  listEdits: ['GET', '/redaction/reviews/{id}/edits'],
  addEdits: ['POST', '/redaction/reviews/{id}/edits'],
  watchReview: ['GET', '/redaction/reviews/{id}/events'],
  submitReview: ['POST', '/redaction/reviews/{id}/submit'],
  approveReview: ['POST', '/redaction/reviews/{id}/approve'],
  returnReview: ['POST', '/redaction/reviews/{id}/return'],
  reopenReview: ['POST', '/redaction/reviews/{id}/reopen'],
  renderRelease: ['POST', '/redaction/reviews/{id}/releases'],
  listReviewReleases: ['GET', '/redaction/reviews/{id}/releases'],
  getReviewRelease: ['GET', '/redaction/releases/{id}'],
  compareReleases: ['GET', '/redaction/releases/{id}/difference'],
  listRecordKeys: ['GET', '/redaction/record-keys'],
  followBox: ['POST', '/redaction/reviews/{id}/follow'],
  listSimilarRegions: ['GET', '/redaction/reviews/{id}/regions/{region}/similar'],
  listWatchSites: ['GET', '/watch/sites'],
  getWatchSite: ['GET', '/watch/sites/{site}'],
  putWatchSite: ['PUT', '/watch/sites/{site}'],
  listCameras: ['GET', '/watch/cameras'],
  addCamera: ['POST', '/watch/cameras'],
  getCamera: ['GET', '/watch/cameras/{id}'],
  changeCamera: ['PATCH', '/watch/cameras/{id}'],
  removeCamera: ['POST', '/watch/cameras/{id}/remove'],
  discoverCameras: ['POST', '/watch/discoveries'],
  listOverrides: ['GET', '/watch/sites/{site}/overrides'],
  setOverride: ['POST', '/watch/sites/{site}/overrides'],
  endOverride: ['POST', '/watch/overrides/{id}/end'],
  listIncidents: ['GET', '/watch/incidents'],
  getIncident: ['GET', '/watch/incidents/{id}'],
  stepIncident: ['POST', '/watch/incidents/{id}/steps'],
  listAlerts: ['GET', '/watch/alerts'],
  revealAlert: ['POST', '/watch/alerts/{id}/reveal'],
  watchCameraLive: ['GET', '/watch/cameras/{id}/live'],
  watchCameraMasked: ['GET', '/watch/cameras/{id}/masked'],
  playRecording: ['GET', '/watch/cameras/{id}/recording'],
  listRecordingGaps: ['GET', '/watch/cameras/{id}/recording/gaps'],
  listAlertRecordings: ['GET', '/watch/alerts/{id}/recordings'],
  getMaskedStill: ['GET', '/watch/alerts/{id}/masked.jpg'],
  getMaskedClip: ['GET', '/watch/alerts/{id}/masked.mp4'],
  listRecordingDays: ['GET', '/watch/cameras/{id}/recording/days'],
  packageEvidence: ['GET', '/watch/incidents/{id}/evidence'],
  followWatchSite: ['GET', '/watch/sites/{site}/events'],
  getCoverage: ['GET', '/watch/cameras/{id}/coverage'],
  getOperatorLoad: ['GET', '/watch/sites/{site}/load'],
  getHandover: ['GET', '/watch/sites/{site}/handover'],
  listInjectionPlans: ['GET', '/watch/sites/{site}/injection-plans'],
  planInjection: ['POST', '/watch/sites/{site}/injection-plans'],
  endInjectionPlan: ['POST', '/watch/injection-plans/{id}/end'],
  getInjectionReport: ['GET', '/watch/sites/{site}/injections'],
  listInjectionPlays: ['GET', '/watch/sites/{site}/injection-plays'],
  listSuppressions: ['GET', '/watch/sites/{site}/suppressions'],
  proposeSuppressions: ['POST', '/watch/sites/{site}/suppressions'],
  decideSuppression: ['POST', '/watch/suppressions/{id}/decide'],
  endSuppression: ['POST', '/watch/suppressions/{id}/end'],
  backTestSite: ['POST', '/watch/sites/{site}/back-test'],
  listChannels: ['GET', '/watch/sites/{site}/channels'],
  addChannel: ['POST', '/watch/sites/{site}/channels'],
  changeChannel: ['PATCH', '/watch/channels/{id}'],
  removeChannel: ['DELETE', '/watch/channels/{id}'],
  testChannel: ['POST', '/watch/channels/{id}/test'],
  listChannelMessages: ['GET', '/watch/channels/{id}/messages'],
  retryChannel: ['POST', '/watch/channels/{id}/retry'],
  getCapFeed: ['GET', '/watch/sites/{site}/cap'],
};
