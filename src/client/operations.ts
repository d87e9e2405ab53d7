// Made by scripts/write-client.ts from the routes of the server. Do not edit.

export type Session = {
  state: 'none' | 'second-factor' | 'enrol' | 'locked' | 'banner' | 'open';
  person?: { id: string; login: string; name: string };
  banner?: string;
  grants?: { site: string; role: string }[];
  expiresAt?: string;
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
  title: string;
  owner: string;
  state: 'open' | 'closed';
  dueAt: string | null;
  createdAt: string;
  closedAt: string | null;
  version: number;
};

export type Asset = {
  id: string;
  case: string;
  site: string;
  name: string;
  mediaType: string;
  bytes: number;
  sha256: string;
  role: 'original' | 'output' | 'record' | 'proxy' | 'thumbnail' | 'waveform';
  derivedFrom: string | null;
  retention: string;
  legalHold: boolean;
  createdAt: string;
  erasedAt: string | null;
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
};

export type Decision = {
  id: string;
  finding: string;
  disposition: string;
  reason: string;
  decidedBy: string;
  createdAt: string;
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
  /** Sign in, second step: a code of the authenticator app, or a recovery code. */
  proveSecondFactor: { body: { code: string }; answer: Session };
  /** Get the secret for an authenticator app. */
  startEnrolment: { answer: { uri: string; secret: string } };
  /** Prove that the app has the secret; gives recovery codes, shown once. */
  confirmEnrolment: { body: { code: string }; answer: { recoveryCodes: string[]; session: Session } };
  /** Accept the terms of use. */
  acceptBanner: { answer: Session };
  /** Give the password again: after a pause, or before something that asks for it. */
  unlockSession: { body: { password: string }; answer: Session };
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
  /** Make an API token; it is shown once. */
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
  /** Cases at the sites you work at, newest first. */
  listCases: {
    query?: { limit?: number; cursor?: string; state?: 'open' | 'closed'; use?: string; site?: string };
    answer: { items: Case[]; next?: string };
  };
  /** Open a case. */
  openCase: { body: { site: string; use: string; title: string; dueAt?: string }; answer: Case };
  /** One case. */
  getCase: { params: { id: string }; answer: Case };
  /** Change a case that nobody changed since you saw it. */
  changeCase: {
    params: { id: string };
    body: { title?: string; state?: 'open' | 'closed'; dueAt?: string | null; owner?: string };
    answer: Case;
  };
  /** What a case holds, newest first. */
  listAssets: {
    params: { id: string };
    query?: { limit?: number; cursor?: string };
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
  /** What is proposed to you, newest first. */
  listFindings: {
    query?: { limit?: number; cursor?: string; case?: string; use?: string; decided?: 'yes' | 'no' };
    answer: { items: Finding[]; next?: string };
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
      decisions: Decision[];
    };
  };
  /** Decide about a finding, and say why; an earlier decision stays on record. */
  decide: { params: { id: string }; body: { disposition: string; reason: string }; answer: Decision };
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
  /** Redact an asset; the outputs come into its case. */
  startRedaction: { body: { asset: string; profile?: string; reasons?: string }; answer: { job: string } };
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
  acceptBanner: ['POST', '/session/banner'],
  unlockSession: ['POST', '/session/unlock'],
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
  listAssets: ['GET', '/cases/{id}/assets'],
  uploadAsset: ['POST', '/cases/{id}/assets'],
  getAsset: ['GET', '/assets/{id}'],
  eraseAsset: ['DELETE', '/assets/{id}'],
  readAsset: ['GET', '/assets/{id}/content'],
  holdAsset: ['PUT', '/assets/{id}/hold'],
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
  listObservations: ['GET', '/observations'],
  countObservations: ['GET', '/observations/hours'],
  listFindings: ['GET', '/findings'],
  getFinding: ['GET', '/findings/{id}'],
  decide: ['POST', '/findings/{id}/decisions'],
  listReleases: ['GET', '/cases/{id}/releases'],
  release: ['POST', '/cases/{id}/releases'],
  listWebhooks: ['GET', '/webhooks'],
  createWebhook: ['POST', '/webhooks'],
  enableWebhook: ['POST', '/webhooks/{id}/enable'],
  deleteWebhook: ['DELETE', '/webhooks/{id}'],
  listDeliveries: ['GET', '/webhooks/{id}/deliveries'],
  startRedaction: ['POST', '/redaction/jobs'],
};
