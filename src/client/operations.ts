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
  track: unknown;
  text: unknown;
  model: string;
  modelDigest: string;
};

export type Finding = {
  id: string;
  site: string;
  case: string | null;
  use: string;
  kind: string;
  score: unknown;
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
    minutesByHand: unknown;
    machineSeconds: number;
  }[];
  load: { person: string; name: string; decisions: number; perHour: Measured }[];
  jobs: { queued: number; running: number; done: number; failed: Measured };
  services: { running: number; waiting: number; failed: number };
};

export type Measured = { value: unknown; low: unknown; high: unknown; n: number };

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
  liftReason: unknown;
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
    model: unknown;
    threshold: unknown;
    errorRate?: { kind: string; errors: number; trials: number; low: number; high: number };
  }[];
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
  reasons: unknown;
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

export type RedactionOperation = unknown;

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
    reason?: unknown[];
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
  /** Sign in, second step: a code of the authenticator app, or a recovery code. For a passkey see askPasskey. */
  proveSecondFactor: { body: { code: string }; answer: Session };
  /** Get the secret for an authenticator app. */
  startEnrolment: { answer: { uri: string; secret: string } };
  /** Prove that the app has the secret; gives recovery codes, shown once. */
  confirmEnrolment: { body: { code: string }; answer: { recoveryCodes: string[]; session: Session } };
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
    answer: { dueAt: string | null; day: string | null; basis: unknown };
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
      score: unknown;
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
    answer: Decision;
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
          proxyTest?: { on: string; report: string; verdict: 'within' | 'beyond' | 'not-estimable' };
        }[];
        outputs: { name: string; meaning: string; personal: boolean; to: string }[];
        models: { id: string; task: string }[];
        impact: { class: 'high-impact' | 'presumed-but-not' | 'not-high-impact'; reason: string };
        measures: { name: string; unit: string; atLeast?: number; atMost?: number; how: string }[];
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
    body: { action: string; authority: string; evidence: unknown[] };
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
        evidence: unknown[];
        proposedBy: string;
        confirmedBy: string;
      }[];
    };
    answer: { ids: string[] };
  };
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
}

/** Method and path of each operation. */
export const operations: Readonly<Record<keyof Operations, readonly [method: string, path: string]>> = {
  claimFirstRun: ['POST', '/first-run'],
  getSession: ['GET', '/session'],
  signIn: ['POST', '/session'],
  signOut: ['DELETE', '/session'],
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
  recordTest: ['POST', '/governance/uses/{name}/tests'],
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
};
