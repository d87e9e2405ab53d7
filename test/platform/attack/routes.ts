import { randomUUID } from 'node:crypto';
import type { Role, Scope } from '../../../src/platform/people/roles.ts';
import { charter } from '../../../src/uses/redaction/charter.ts';
import { unsignedReport, unsignedSet } from './acceptance-bodies.ts';
import type { AllThings, Request } from './house.ts';

/** What a call of a route needs to get past the door, without harm to the next call. */
export interface Given extends AllThings {
  /** Somebody with an account who may be changed. */
  readonly personId: string;
  /** A token of the caller's own. */
  readonly tokenId: string;
  /** An upload of the caller's own, or of nobody. */
  readonly uploadId: string;
  readonly webhookId: string;
}

/** Who may call a route, and how it is called. */
export interface Rule {
  readonly may:
    | 'anybody'
    | 'signed-in'
    /** Signed in at a screen. */
    | 'session'
    | readonly Role[];
  /** Where a role counts: where the thing is, anywhere (a list of what lies there), or only as one for all sites. */
  readonly where?: 'there' | 'anywhere' | 'everywhere';
  readonly scope?: Scope;
  /** No token may, whatever its scopes. */
  readonly noToken?: true;
  readonly call: (given: Given) => Request;
}

const everybody: readonly Role[] = [
  'viewer',
  'officer',
  'analyst',
  'operator',
  'annotator',
  'investigator',
  'supervisor',
  'privacy',
  'civil-rights',
  'ai-governance',
  'admin',
];
const workers: readonly Role[] = ['officer', 'analyst', 'investigator', 'supervisor', 'admin'];
const keepers: readonly Role[] = ['supervisor', 'privacy', 'admin'];

const get =
  (path: (given: Given) => string) =>
  (given: Given): Request => ({ path: `/api/v1${path(given)}` });
const send =
  (method: string, path: (given: Given) => string, body?: unknown, headers: Record<string, string> = {}) =>
  (given: Given): Request => ({ method, path: `/api/v1${path(given)}`, body, headers });

const octets = { 'content-type': 'application/octet-stream' };
const tus = { 'tus-resumable': '1.0.0' };
const reading = { scope: 'read', where: 'there' } as const;
const reviewing = { scope: 'read', where: 'there', may: [...workers, 'privacy'] } as const;
const approving = { scope: 'write', where: 'there', may: ['supervisor', 'privacy'], noToken: true } as const;
const overseeing = {
  scope: 'read',
  where: 'everywhere',
  may: ['supervisor', 'privacy', 'civil-rights', 'ai-governance', 'admin'],
} as const;
const listing = { scope: 'read', where: 'anywhere', may: everybody } as const;
const reporter = 'agency=DHS&agencyName=Homeland&bureau=CBP&contact=a%40b.gov';
const people = { scope: 'people', where: 'everywhere', may: ['admin'] } as const;
const settings = { scope: 'settings', where: 'everywhere', may: ['admin'] } as const;
const serving = { scope: 'settings', where: 'there', may: ['admin'] } as const;
const watchKeeping = { may: ['supervisor', 'admin'], where: 'there', scope: 'settings' } as const;
const identity = { issuer: 'https://provider.example', subject: 'somebody' };
const span = 'from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z';

const governed = { scope: 'read', where: 'everywhere', may: everybody } as const;
const signing = { scope: 'write', where: 'everywhere', may: ['ai-governance'], noToken: true } as const;
const officeMembers: readonly Role[] = ['privacy', 'civil-rights', 'ai-governance', 'admin'];
const overseers: readonly Role[] = ['privacy', 'civil-rights', 'ai-governance'];
const enforcers: readonly Role[] = ['officer', 'investigator', 'supervisor'];
const lasting = { testedAt: '2026-01-01T00:00:00Z', expires: '2027-01-01T00:00:00Z' };
const enforcement = {
  ...{ action: 'inspect the box', authority: '19 U.S.C. 1467' },
  evidence: [{ kind: 'observation', what: 'a broken seal', foundBy: randomUUID(), restsOnAi: false }],
};

const atLane: readonly Role[] = ['officer', 'operator', 'supervisor'];
const redressers: readonly Role[] = ['officer', 'analyst', 'supervisor', 'privacy', 'civil-rights'];
const deciders: readonly Role[] = ['supervisor', 'privacy', 'civil-rights'];
const deciding = { scope: 'write', where: 'anywhere', noToken: true, may: deciders } as const;

/** All routes by the name of their operation. One that is missing here fails the test. */
export const rules: Readonly<Record<string, Rule>> = {
  claimFirstRun: {
    may: 'anybody',
    call: send('POST', () => '/first-run', { code: 'x', login: 'x', name: 'x', password: 'x' }),
  },
  getSession: { may: 'anybody', call: get(() => '/session') },
  signIn: { may: 'anybody', call: send('POST', () => '/session', { login: randomUUID(), password: 'x' }) },
  proveSecondFactor: { may: 'anybody', call: send('POST', () => '/session/second-factor', { code: '1' }) },
  startEnrolment: { may: 'anybody', call: send('POST', () => '/session/enrolment') },
  confirmEnrolment: { may: 'anybody', call: send('PUT', () => '/session/enrolment', { code: '1' }) },
  acceptBanner: { may: 'anybody', call: send('POST', () => '/session/banner') },
  unlockSession: { may: 'anybody', call: send('POST', () => '/session/unlock', { password: 'x' }) },
  chooseNewPassword: {
    may: 'anybody',
    call: send('POST', () => '/session/new-password', {
      login: randomUUID(),
      code: 'x',
      password: 'a row of quiet boats',
    }),
  },
  signOut: { may: 'anybody', call: send('DELETE', () => '/session') },
  signOutEverywhere: { may: 'anybody', call: send('DELETE', () => '/session/everywhere') },
  changePassword: {
    may: 'session',
    call: send('PUT', () => '/session/password', { current: 'x', next: 'x' }),
  },
  listSessions: { may: 'session', call: get(() => '/sessions') },
  endSession: { may: 'session', call: send('DELETE', () => `/sessions/${randomUUID()}`) },
  endOtherSessions: { may: 'session', call: send('DELETE', () => '/sessions') },
  startPasskey: { may: 'anybody', call: send('POST', () => '/session/passkeys/enrolment') },
  confirmPasskey: { may: 'anybody', call: send('PUT', () => '/session/passkeys/enrolment', {}) },
  askPasskey: { may: 'anybody', call: send('POST', () => '/session/passkey/challenge') },
  provePasskey: { may: 'anybody', call: send('POST', () => '/session/passkey', {}) },
  listPasskeys: { may: 'session', call: get(() => '/session/passkeys') },
  removePasskey: { may: 'session', call: send('DELETE', () => `/session/passkeys/${randomUUID()}`) },
  removeApp: { may: 'session', call: send('DELETE', () => '/session/enrolment') },

  beginOidc: { may: 'anybody', call: get(() => '/session/oidc?to=/cases') },
  endOidc: { may: 'anybody', call: get(() => '/session/oidc/return?state=x&code=x') },

  listSites: { may: 'signed-in', scope: 'read', call: get(() => '/sites') },
  createSite: {
    ...{ may: ['admin'], where: 'everywhere', scope: 'settings' },
    call: send('POST', () => '/sites', { id: 'pier', name: 'Pier', timeZone: 'UTC' }),
  },
  listPeople: { ...people, call: get(() => '/people') },
  createPerson: { ...people, call: send('POST', () => '/people', { login: '?', name: 'x', password: 'x' }) },
  grantRole: {
    ...people,
    call: send('POST', ({ personId }) => `/people/${personId}/grants`, { site: 'nowhere', role: 'viewer' }),
  },
  revokeRole: {
    ...people,
    call: send('DELETE', ({ personId }) => `/people/${personId}/grants`, { site: 'pier', role: 'viewer' }),
  },
  disablePerson: { ...people, call: send('POST', ({ personId }) => `/people/${personId}/disable`) },
  enablePerson: { ...people, call: send('POST', ({ personId }) => `/people/${personId}/enable`) },
  resetPassword: {
    ...{ ...people, noToken: true },
    call: send('POST', ({ personId }) => `/people/${personId}/password-reset`, { reason: 'x' }),
  },
  resetSecondFactor: {
    ...{ ...people, noToken: true },
    call: send('POST', ({ personId }) => `/people/${personId}/second-factor-reset`, { reason: 'x' }),
  },
  listResets: { ...people, call: get(({ personId }) => `/people/${personId}/resets`) },
  listIdentities: { ...people, call: get(({ personId }) => `/people/${personId}/identities`) },
  linkIdentity: {
    ...people,
    call: send('POST', ({ personId }) => `/people/${personId}/identities`, identity),
  },
  unlinkIdentity: {
    ...people,
    call: send('DELETE', ({ personId }) => `/people/${personId}/identities`, identity),
  },
  listTokens: { may: 'signed-in', scope: 'read', call: get(() => '/tokens') },
  createToken: {
    may: 'session',
    call: send('POST', () => '/tokens', { name: 'x', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' }),
  },
  revokeToken: { may: 'session', call: send('DELETE', ({ tokenId }) => `/tokens/${tokenId}`) },

  listCases: { ...listing, call: get(() => '/cases') },
  openCase: {
    ...{ may: workers, where: 'there', scope: 'write' },
    call: send('POST', () => '/cases', { site: 'pier', use: 'redaction', title: 'A case' }),
  },
  getCase: { ...reading, may: everybody, call: get(({ caseId }) => `/cases/${caseId}`) },
  changeCase: {
    ...{ may: workers, where: 'there', scope: 'write' },
    call: send('PATCH', ({ caseId }) => `/cases/${caseId}`, { title: 'x' }, { 'if-match': '"999"' }),
  },

  extendCase: {
    ...{ may: workers, where: 'there', scope: 'write' },
    call: send(
      'POST',
      ({ caseId }) => `/cases/${caseId}/extensions`,
      { dueAt: null, reason: 'because' },
      { 'if-match': '"999"' },
    ),
  },
  proposeDeadline: {
    ...listing,
    call: get(() => '/deadlines/proposal?kind=foia&received=2026-11-01T00:00:00Z&site=pier'),
  },

  listAssets: { ...reading, may: everybody, call: get(({ caseId }) => `/cases/${caseId}/assets`) },
  uploadAsset: {
    ...{ may: workers, where: 'there', scope: 'upload' },
    call: send('POST', ({ caseId }) => `/cases/${caseId}/assets?name=a.jpg`, 'bytes', octets),
  },
  getAsset: { ...reading, may: everybody, call: get(({ assetId }) => `/assets/${assetId}`) },
  readAsset: {
    ...{ ...reading, may: [...workers, 'privacy'] },
    call: get(({ assetId }) => `/assets/${assetId}/content`),
  },
  getProxy: { ...reading, may: everybody, call: get(({ assetId }) => `/assets/${assetId}/proxy`) },
  requestProxy: {
    ...{ may: [...workers, 'privacy'], where: 'there', scope: 'write' },
    call: send('POST', ({ assetId }) => `/assets/${assetId}/proxy`),
  },
  readProxy: {
    ...{ ...reading, may: [...workers, 'privacy'] },
    call: get(({ assetId }) => `/assets/${assetId}/proxy/video`),
  },
  holdAsset: {
    ...{ may: keepers, where: 'there', scope: 'write' },
    call: send('PUT', ({ assetId }) => `/assets/${assetId}/hold`, { hold: true, reason: 'a court asked' }),
  },
  eraseAsset: {
    ...{ may: keepers, where: 'there', scope: 'write' },
    call: send('DELETE', ({ assetId }) => `/assets/${assetId}?reason=because`),
  },

  uploadsAbilities: {
    may: 'anybody',
    call: send('OPTIONS', ({ caseId }) => `/cases/${caseId}/uploads`, undefined, tus),
  },
  uploadAbilities: {
    may: 'anybody',
    call: send('OPTIONS', ({ uploadId }) => `/uploads/${uploadId}`, undefined, tus),
  },
  beginUpload: {
    ...{ may: workers, where: 'there', scope: 'upload' },
    // Without a length it is refused only past the door, so that no upload stays open.
    call: send('POST', ({ caseId }) => `/cases/${caseId}/uploads`, undefined, tus),
  },
  askUpload: {
    ...{ may: workers, where: 'there', scope: 'upload' },
    call: send('HEAD', ({ uploadId }) => `/uploads/${uploadId}`, undefined, tus),
  },
  sendPiece: {
    ...{ may: workers, where: 'there', scope: 'upload' },
    call: send('PATCH', ({ uploadId }) => `/uploads/${uploadId}`, 'x', {
      ...tus,
      'upload-offset': '7',
      'content-type': 'application/offset+octet-stream',
    }),
  },
  endUpload: {
    ...{ may: workers, where: 'there', scope: 'upload' },
    call: send('DELETE', ({ uploadId }) => `/uploads/${uploadId}`, undefined, tus),
  },

  listJobs: { ...listing, call: get(() => '/jobs') },
  getJob: { ...reading, may: everybody, call: get(({ jobId }) => `/jobs/${jobId}`) },
  watchJob: { ...reading, may: everybody, call: get(({ jobId }) => `/jobs/${jobId}/events`) },
  cancelJob: {
    ...{ may: workers, where: 'there', scope: 'jobs' },
    call: send('POST', ({ jobId }) => `/jobs/${jobId}/cancel`),
  },

  listServices: { ...listing, may: ['admin'], scope: 'settings', call: get(() => '/services') },
  stopService: { ...serving, call: send('POST', ({ serviceId }) => `/services/${serviceId}/stop`) },
  startService: { ...serving, call: send('POST', ({ serviceId }) => `/services/${serviceId}/start`) },
  listChores: { ...settings, call: get(() => '/housekeeping') },

  listObservations: { ...listing, call: get(() => `/observations?${span}`) },
  countObservations: { ...listing, call: get(() => `/observations/hours?${span}`) },

  readLedgerHead: { ...overseeing, call: get(() => '/ledger/head') },
  listLedgerEntries: { ...overseeing, call: get(() => '/ledger/entries') },
  proveLedgerEntry: { ...overseeing, call: get(() => '/ledger/entries/0/proof?size=1') },
  proveLedgerGrowth: { ...overseeing, call: get(() => '/ledger/growth?older=0&newer=1') },

  listBuiltInCharters: {
    ...{ ...governed, may: ['supervisor', 'ai-governance', 'admin'] },
    call: get(() => '/governance/built-in-charters'),
  },
  listRegistrations: { ...governed, call: get(() => '/governance/registrations') },
  registerUse: {
    ...{ ...signing, may: ['supervisor', 'ai-governance', 'admin'] },
    call: send('POST', () => '/governance/registrations', {
      charter,
      purposes: ['release'],
      models: charter.models.map(({ id }) => ({ id, digest: '0'.repeat(64), threshold: [0, 1] })),
    }),
  },
  signUse: {
    ...{ ...signing, may: officeMembers },
    call: send('POST', () => `/governance/registrations/${randomUUID()}/sign-offs`, {
      ...{ office: 'caio', verdict: 'signed', reason: 'read' },
    }),
  },
  listQuestions: {
    ...overseeing,
    call: get(() => `/governance/registrations/${randomUUID()}/questions`),
  },
  askQuestion: {
    ...{ ...signing, may: officeMembers },
    call: send('POST', () => `/governance/registrations/${randomUUID()}/questions`, {
      ...{ office: 'privacy', said: 'What is kept?' },
    }),
  },
  replyToQuestion: {
    ...{ ...signing, may: [...officeMembers, 'supervisor'] },
    call: send('POST', () => `/governance/questions/${randomUUID()}/words`, { said: 'Nothing.' }),
  },
  settleQuestion: {
    ...{ ...signing, may: officeMembers },
    call: send('POST', () => `/governance/questions/${randomUUID()}/settle`),
  },
  suspendUse: {
    ...{ ...signing, may: [...officeMembers, 'supervisor'] },
    call: send('POST', () => '/governance/uses/redaction/suspend', { reason: 'stop it' }),
  },
  listMyTraining: { may: 'session', call: get(() => '/governance/training') },
  getTraining: { may: 'session', call: get(() => '/governance/training/redaction-review') },
  openTraining: { may: 'session', call: send('POST', () => '/governance/training/nothing/attempts') },
  answerTraining: {
    may: 'session',
    call: send('POST', () => `/governance/training-attempts/${randomUUID()}/answers`, { answers: {} }),
  },
  releaseTraining: {
    ...{ ...signing, may: overseers },
    call: send('POST', () => '/governance/training/nothing/release'),
  },
  requireTraining: {
    ...signing,
    call: send('PUT', () => '/governance/uses/nothing/training-requirement', {
      ...{ required: false, module: null, reason: 'a test' },
    }),
  },
  listOfficerNotices: { ...listing, call: get(() => '/governance/officer-notices') },
  draftOfficerNotice: {
    ...{ ...governed, may: ['ai-governance', 'supervisor'] },
    call: get(() => '/governance/uses/nothing/officer-notice-draft'),
  },
  putOfficerNotice: {
    ...signing,
    call: send('POST', () => '/governance/uses/nothing/officer-notices', {
      site: 'pier',
      content: { summary: 'Nothing runs in this queue.', limits: ['none'], models: [], errorRates: [] },
    }),
  },
  acknowledgeOfficerNotice: {
    may: 'session',
    call: send('POST', () => `/governance/officer-notices/${randomUUID()}/acknowledgement`),
  },
  listSeedPlans: { ...governed, may: overseers, call: get(() => '/governance/seeding/plans') },
  planSeeds: {
    ...{ ...signing, may: overseers },
    call: send('POST', () => '/governance/seeding/plans', {
      ...{ site: 'nowhere', use: 'nothing', kind: 'x', rate: 0.1, reason: 'a test' },
    }),
  },
  stockSeeds: {
    ...{ ...signing, may: overseers },
    call: send('POST', () => `/governance/seeding/plans/${randomUUID()}/stock`, { count: 1 }),
  },
  endSeeds: {
    ...{ ...signing, may: overseers },
    call: send('POST', () => `/governance/seeding/plans/${randomUUID()}/end`),
  },
  measureSeeds: { ...governed, may: overseers, call: get(() => '/governance/seeding/measures') },
  listMySeeds: { may: 'session', call: get(() => '/governance/seeding/mine') },
  listUseDocuments: { ...governed, call: get(() => '/governance/documents') },
  writeUseDocument: {
    ...{ ...signing, may: [...officeMembers, 'supervisor'] },
    call: send('POST', () => `/governance/registrations/${randomUUID()}/documents`, {
      kind: 'privacy-threshold-analysis',
    }),
  },
  getUseDocument: { ...governed, call: get(() => `/governance/documents/${randomUUID()}`) },
  editUseDocument: {
    ...{ ...signing, may: [...officeMembers, 'supervisor'] },
    call: send(
      'PATCH',
      () => `/governance/documents/${randomUUID()}`,
      { answers: {} },
      { 'if-match': '"1"' },
    ),
  },
  compareUseDocument: {
    ...governed,
    call: get(() => `/governance/documents/${randomUUID()}/difference?from=1&to=2`),
  },
  sealUseDocument: {
    ...{ ...signing, may: ['privacy', 'ai-governance'] },
    call: send('POST', () => `/governance/documents/${randomUUID()}/seal`, undefined, { 'if-match': '"1"' }),
  },
  exportUseDocument: { ...governed, call: get(() => `/governance/documents/${randomUUID()}/export/pdf`) },
  listSuspensions: { ...governed, call: get(() => '/governance/suspensions') },
  liftSuspension: {
    ...signing,
    call: send('POST', () => `/governance/suspensions/${randomUUID()}/lift`, { reason: 'mended' }),
  },
  recordTest: {
    ...signing,
    call: send('POST', () => '/governance/uses/nothing/tests', {
      ...{ kind: 'x', modelDigest: '0'.repeat(64), reportDigest: '0'.repeat(64), passed: true, ...lasting },
    }),
  },
  recordFaceTest: {
    ...signing,
    call: send('POST', () => '/governance/uses/nothing/face-tests', {
      ...{ report: '{}', publicKey: 'x', expires: lasting.expires },
    }),
  },
  recordTraining: {
    ...{ ...signing, may: ['ai-governance', 'supervisor'] },
    call: send('POST', () => '/governance/uses/nothing/training', {
      ...{ personId: randomUUID(), module: 'x', completedAt: lasting.testedAt, expires: lasting.expires },
    }),
  },
  grantWaiver: {
    ...signing,
    call: send('POST', () => `/governance/registrations/${randomUUID()}/waivers`, {
      ...{ kind: 'pilot', requirement: 'tests', site: 'pier', expires: lasting.expires },
      ...{ reason: 'x'.repeat(40), publicSummary: 'x'.repeat(40) },
    }),
  },
  listAcceptanceSets: { ...governed, call: get(() => '/governance/acceptance/sets') },
  registerAcceptanceSet: { ...signing, call: send('POST', () => '/governance/acceptance/sets', unsignedSet) },
  listAcceptanceSubmissions: { ...governed, call: get(() => '/governance/acceptance/submissions') },
  takeAcceptanceReport: {
    ...signing,
    call: send('POST', () => '/governance/acceptance/submissions', unsignedReport),
  },
  setDriftBaseline: {
    ...signing,
    call: send('POST', () => '/governance/uses/nothing/drift-baseline', {
      from: '2026-01-01T00:00:00Z',
      to: '2026-01-02T00:00:00Z',
    }),
  },
  listDriftChecks: { ...governed, call: get(() => '/governance/drift') },
  listWaivers: { ...governed, call: get(() => '/governance/waivers') },
  changeWaiver: { ...signing, call: send('POST', () => `/governance/waivers/${randomUUID()}/reported`) },
  listPermits: { ...governed, call: get(() => '/governance/permits') },
  issuePermit: {
    ...signing,
    call: send('POST', () => '/governance/permits', {
      ...{ registration: randomUUID(), site: 'pier', purpose: 'release', expires: lasting.expires },
    }),
  },
  exportPermit: {
    ...{ ...governed, may: ['ai-governance', 'admin'] },
    call: get(() => `/governance/permits/${randomUUID()}`),
  },
  revokePermit: {
    ...{ ...signing, may: officeMembers },
    call: send('POST', () => `/governance/permits/${randomUUID()}/revoke`, { reason: 'gone' }),
  },
  getMode: { ...governed, call: get(() => '/governance/mode') },
  proposeEvaluation: {
    ...{ ...signing, may: ['ai-governance', 'admin'] },
    call: send('POST', () => '/governance/mode', { mode: 'evaluation', reason: 'a new start' }),
  },
  confirmEvaluation: {
    ...{ ...signing, may: ['ai-governance', 'admin'] },
    call: send('POST', () => '/governance/mode/999999/confirm'),
  },
  proposeEnforcement: {
    ...{ may: enforcers, where: 'there', scope: 'write', noToken: true },
    call: send('POST', ({ caseId }) => `/cases/${caseId}/enforcement-records`, enforcement),
  },
  listEnforcement: {
    ...{ ...reading, may: [...enforcers, ...officeMembers] },
    call: get(({ caseId }) => `/cases/${caseId}/enforcement-records`),
  },
  confirmEnforcement: {
    ...{ may: enforcers, where: 'there', scope: 'write', noToken: true },
    call: send('POST', ({ caseId }) => `/cases/${caseId}/enforcement-records/${randomUUID()}/confirm`),
  },
  importEnforcement: {
    ...{ ...signing, may: ['admin'] },
    call: send('POST', () => '/enforcement-records/import', {
      records: [{ ...enforcement, case: randomUUID(), proposedBy: randomUUID(), confirmedBy: randomUUID() }],
    }),
  },
  askCaptureGate: {
    ...{ may: atLane, where: 'there', scope: 'write' },
    call: send('POST', () => '/governance/capture-gate/questions', {
      ...{ site: 'pier', lane: 'a', use: 'nothing', purpose: 'x', optedOut: true },
      ...{ notice: null, lawEnforcement: null },
    }),
  },
  recordCapture: {
    ...{ may: atLane, where: 'there', scope: 'write' },
    call: send('POST', () => '/governance/capture-gate/captures', { site: 'pier', lane: 'a', token: 'x' }),
  },
  completePassage: {
    ...{ may: atLane, where: 'there', scope: 'write' },
    call: send('POST', () => `/governance/capture-gate/passages/${randomUUID()}/complete`, {
      ...{ site: 'pier', lane: 'a', waitedSeconds: 1, processedSeconds: 1, outcome: 'passed' },
    }),
  },
  countOptOuts: { ...overseeing, where: 'anywhere', call: get(() => '/governance/opt-outs') },
  listUnsignedCaptures: { ...overseeing, call: get(() => '/governance/capture-gate/unsigned') },
  keepStandingOptOut: {
    ...{ may: ['officer', 'supervisor', 'privacy'], where: 'there', scope: 'write', noToken: true },
    call: send('POST', () => '/governance/opt-outs/standing', { site: 'pier', document: 'X1234', days: 1 }),
  },
  withdrawStandingOptOut: {
    ...{ may: ['officer', 'supervisor', 'privacy'], where: 'there', scope: 'write', noToken: true },
    call: send('POST', () => '/governance/opt-outs/standing/withdraw', { site: 'pier', document: 'X1234' }),
  },
  getEqualService: {
    ...{ ...overseeing, where: 'anywhere' },
    call: get(() => '/governance/equal-service?use=nothing'),
  },
  listNotices: { ...governed, call: get(() => '/governance/notices') },
  publishNotice: {
    ...{ ...signing, may: ['privacy'] },
    call: send('POST', () => '/governance/notices', {
      ...{ use: 'nothing', language: 'en', notice: 'x'.repeat(40), optingOut: 'x'.repeat(20) },
      ...{ counsel: 'nobody', effective: lasting.expires, ends: lasting.testedAt },
    }),
  },
  receiveRedress: {
    ...{ may: redressers, where: 'there', scope: 'write', noToken: true },
    call: ({ findingId }) => ({
      ...{ method: 'POST', path: '/api/v1/governance/redress' },
      body: {
        ...{ kind: 'correction', about: 'finding', aboutId: findingId, caseReference: 'L-1' },
        receivedAt: '2026-01-01T00:00:00Z',
      },
    }),
  },
  listRedress: { ...overseeing, where: 'anywhere', call: get(() => '/governance/redress') },
  extendRedress: {
    ...deciding,
    call: send('POST', () => `/governance/redress/${randomUUID()}/extend`, { reason: 'more to read' }),
  },
  decideRedress: {
    ...deciding,
    call: send('POST', () => `/governance/redress/${randomUUID()}/decide`, {
      outcome: 'denied',
      reason: 'not so',
    }),
  },
  notifyRedress: { ...deciding, call: send('POST', () => `/governance/redress/${randomUUID()}/notify`) },
  addRedressRecipient: {
    ...deciding,
    call: send('POST', () => `/governance/redress/${randomUUID()}/recipients`, { recipient: 'an office' }),
  },
  tellRedressRecipient: {
    ...deciding,
    call: send('POST', () => `/governance/redress/${randomUUID()}/recipients/${randomUUID()}/told`),
  },
  listRedressClocks: {
    ...{ scope: 'read', where: 'anywhere', may: redressers },
    call: get(() => '/governance/redress/clocks'),
  },
  setRedressClock: {
    ...{ ...signing, may: ['privacy', 'civil-rights'] },
    call: send('POST', () => '/governance/redress/clocks', {
      ...{ kind: 'appeal', version: randomUUID(), source: 'a test', workingDays: 30, extensionDays: 0 },
      ...{ effective: '1990-01-01', ends: '1990-01-02' },
    }),
  },
  getCalendar: { ...overseeing, call: get(() => '/governance/oversight/calendar') },
  getUseInFull: {
    ...overseeing,
    call: get(() => `/governance/oversight/registrations/${randomUUID()}`),
  },
  searchLedger: { ...overseeing, call: get(() => '/governance/oversight/ledger') },
  listLedgerHeads: { ...overseeing, call: get(() => '/governance/oversight/heads') },
  exportLedgerFile: { ...overseeing, call: get(() => '/governance/oversight/ledger-file') },
  previewPublicRecord: { ...overseeing, call: get(() => `/governance/oversight/public-record?${reporter}`) },
  exportOwnInventory: { ...overseeing, call: get(() => `/governance/oversight/inventory?${reporter}`) },
  exportTransparencyPage: {
    ...overseeing,
    call: get(() => `/governance/oversight/transparency?${reporter}`),
  },
  listUsesToReview: { ...overseeing, call: get(() => '/governance/oversight/reviews') },
  watchDisparity: { ...overseeing, call: get(() => '/governance/oversight/disparity?use=nothing') },
  recordGroupTable: {
    ...{ ...signing, may: ['ai-governance', 'civil-rights'] },
    call: send('POST', () => `/governance/oversight/tests/${randomUUID()}/groups`, { report: '{}' }),
  },
  reportIncident: {
    ...{
      ...signing,
      may: [...officeMembers, 'supervisor', 'officer', 'analyst', 'operator', 'investigator'],
    },
    call: send('POST', () => '/governance/oversight/incidents', {
      ...{ use: 'redaction', severity: 'low', what: 'a test of doors', happenedAt: '2026-01-01T00:00:00Z' },
    }),
  },
  listAiIncidents: { ...overseeing, call: get(() => '/governance/oversight/incidents') },
  suspendForIncident: {
    ...{ ...signing, may: [...officeMembers, 'supervisor'] },
    call: send('POST', () => `/governance/oversight/incidents/${randomUUID()}/suspend`, {
      reason: 'stop it',
    }),
  },
  closeIncident: {
    ...{ ...signing, may: officeMembers },
    call: send('POST', () => `/governance/oversight/incidents/${randomUUID()}/close`, {
      resolution: 'nothing was found',
    }),
  },

  getWelcome: { may: 'anybody', call: get(() => '/welcome') },
  getToday: { ...listing, call: get(() => '/today') },
  listBaselines: { ...listing, call: get(() => '/baselines') },
  setBaseline: {
    ...settings,
    call: send('PUT', () => '/baselines/nothing', { minutes: 1, source: 'a study' }),
  },
  removeBaseline: { ...settings, call: send('DELETE', () => '/baselines/nothing') },
  listModels: { ...listing, call: get(() => '/models') },
  listRefusals: { ...settings, call: get(() => '/refusals') },
  listRetentionClasses: { ...listing, call: get(() => '/retention-classes') },
  setRetentionClass: {
    ...settings,
    call: send('PUT', () => '/retention-classes/routine', {
      ...{ days: 30, countsFrom: 'created', description: 'As it was', reason: 'a try' },
    }),
  },
  listProfiles: { ...listing, call: get(() => '/redaction/profiles') },
  listReasonTables: { ...listing, call: get(() => '/redaction/reason-tables') },
  listLibrary: { ...listing, call: get(() => '/assets') },
  listColleagues: { ...listing, call: get(() => '/colleagues') },
  listCaseActivity: { ...reading, may: everybody, call: get(({ caseId }) => `/cases/${caseId}/activity`) },
  listAssetActivity: {
    ...reading,
    may: everybody,
    call: get(({ assetId }) => `/assets/${assetId}/activity`),
  },
  listFindings: { ...listing, call: get(() => '/findings') },
  assignFinding: {
    ...{ may: workers, where: 'there', scope: 'write' },
    call: send('PUT', ({ findingId }) => `/findings/${findingId}/assignee`, { person: null, seen: null }),
  },
  getFinding: { ...reading, may: everybody, call: get(({ findingId }) => `/findings/${findingId}`) },
  decide: {
    ...{ may: workers, where: 'there', scope: 'write', noToken: true },
    call: send('POST', ({ findingId }) => `/findings/${findingId}/decisions`, {
      disposition: 'dismissed',
      reason: 'nothing there',
    }),
  },
  listReleases: { ...reading, may: everybody, call: get(({ caseId }) => `/cases/${caseId}/releases`) },
  release: {
    ...{ may: ['officer', 'supervisor', 'privacy', 'admin'], where: 'there', scope: 'write', noToken: true },
    call: ({ caseId, assetId }) => ({
      method: 'POST',
      path: `/api/v1/cases/${caseId}/releases`,
      body: { asset: assetId, recipient: 'a person', basis: 'a law' },
    }),
  },

  listWebhooks: { ...settings, call: get(() => '/webhooks') },
  createWebhook: {
    ...settings,
    // An address inside is refused only past the door.
    call: send('POST', () => '/webhooks', { url: 'https://127.0.0.1/x', kinds: ['asset.received'] }),
  },
  enableWebhook: { ...settings, call: send('POST', ({ webhookId }) => `/webhooks/${webhookId}/enable`) },
  deleteWebhook: { ...settings, call: send('DELETE', ({ webhookId }) => `/webhooks/${webhookId}`) },
  listDeliveries: { ...settings, call: get(({ webhookId }) => `/webhooks/${webhookId}/deliveries`) },

  startReview: {
    ...{ may: workers, where: 'there', scope: 'jobs' },
    call: ({ assetId }) => ({
      method: 'POST',
      path: '/api/v1/redaction/reviews',
      body: { asset: assetId, profile: 'fast' },
    }),
  },
  listReviews: { ...listing, call: get(() => '/redaction/reviews') },
  getReview: { ...reading, may: everybody, call: get(({ reviewId }) => `/redaction/reviews/${reviewId}`) },
  readReviewBase: { ...reviewing, call: get(({ reviewId }) => `/redaction/reviews/${reviewId}/base`) },
  readReviewPlan: { ...reviewing, call: get(({ reviewId }) => `/redaction/reviews/${reviewId}/plan`) },
  listDoubts: { ...reviewing, call: get(({ reviewId }) => `/redaction/reviews/${reviewId}/doubts`) },
  listEdits: { ...reviewing, call: get(({ reviewId }) => `/redaction/reviews/${reviewId}/edits`) },
  watchReview: { ...reviewing, call: get(({ reviewId }) => `/redaction/reviews/${reviewId}/events`) },
  addEdits: {
    ...{ may: workers, where: 'there', scope: 'write', noToken: true },
    call: send('POST', ({ reviewId }) => `/redaction/reviews/${reviewId}/edits`, {
      revision: 0,
      edits: [{ id: randomUUID(), do: { op: 'sound', mode: 'mute' } }],
    }),
  },
  submitReview: {
    ...{ may: workers, where: 'there', scope: 'write', noToken: true },
    call: send('POST', ({ reviewId }) => `/redaction/reviews/${reviewId}/submit`, { revision: 0 }),
  },
  approveReview: {
    ...approving,
    call: send('POST', ({ reviewId }) => `/redaction/reviews/${reviewId}/approve`, {
      revision: 0,
      reason: 'looked at all of it',
    }),
  },
  returnReview: {
    ...approving,
    call: send('POST', ({ reviewId }) => `/redaction/reviews/${reviewId}/return`, { reason: 'look again' }),
  },
  reopenReview: {
    ...{ may: workers, where: 'there', scope: 'write', noToken: true },
    call: send('POST', ({ reviewId }) => `/redaction/reviews/${reviewId}/reopen`),
  },
  renderRelease: {
    ...{ may: workers, where: 'there', scope: 'jobs', noToken: true },
    call: send('POST', ({ reviewId }) => `/redaction/reviews/${reviewId}/releases`, {
      release: 'public',
      revision: 0,
    }),
  },
  listReviewReleases: {
    ...{ ...reading, may: everybody },
    call: get(({ reviewId }) => `/redaction/reviews/${reviewId}/releases`),
  },
  getReviewRelease: {
    ...{ ...reading, may: everybody },
    call: get(({ releaseId }) => `/redaction/releases/${releaseId}`),
  },
  compareReleases: {
    ...reviewing,
    call: get(({ releaseId }) => `/redaction/releases/${releaseId}/difference?with=${releaseId}`),
  },
  followBox: {
    ...{ may: workers, where: 'there', scope: 'jobs', noToken: true },
    call: send('POST', ({ reviewId }) => `/redaction/reviews/${reviewId}/follow`, {
      at: 0,
      box: [0, 0, 10, 10],
    }),
  },
  listSimilarRegions: {
    ...reviewing,
    call: get(({ reviewId }) => `/redaction/reviews/${reviewId}/regions/face-1/similar`),
  },
  listRecordKeys: { may: 'signed-in', scope: 'read', call: get(() => '/redaction/record-keys') },

  startRedaction: {
    ...{ may: workers, where: 'there', scope: 'jobs' },
    call: ({ assetId }) => ({
      method: 'POST',
      path: '/api/v1/redaction/jobs',
      body: { asset: assetId, profile: 'fast' },
    }),
  },

  listWatchSites: { may: 'signed-in', scope: 'read', call: get(() => '/watch/sites') },
  getWatchSite: { ...listing, where: 'there', call: get(() => '/watch/sites/pier') },
  putWatchSite: {
    ...watchKeeping,
    call: send('PUT', () => '/watch/sites/pier', { text: 'site: Pier' }),
  },
  listCameras: { ...listing, call: get(() => '/watch/cameras') },
  addCamera: {
    ...watchKeeping,
    call: send('POST', () => '/watch/cameras', {
      ...{ site: 'pier', slot: 'nowhere', name: 'x', source: { url: 'rtsp://127.0.0.1:1/x' } },
    }),
  },
  getCamera: { ...reading, may: everybody, call: get(({ cameraId }) => `/watch/cameras/${cameraId}`) },
  changeCamera: {
    ...watchKeeping,
    call: send('PATCH', ({ cameraId }) => `/watch/cameras/${cameraId}`, {}),
  },
  removeCamera: {
    ...watchKeeping,
    call: send('POST', ({ cameraId }) => `/watch/cameras/${cameraId}/remove`, { reason: 'gone' }),
  },
  // Past the door, and refused there: nobody asks the network of whoever runs the tests.
  discoverCameras: {
    ...settings,
    call: send('POST', () => '/watch/discoveries', { credentials: { user: '', password: '' } }),
  },
  listOverrides: { ...reading, may: everybody, call: get(() => '/watch/sites/pier/overrides') },
  setOverride: {
    ...{ may: ['operator', 'supervisor'], where: 'there', scope: 'write' },
    call: send('POST', () => '/watch/sites/pier/overrides', {
      ...{ state: 'disarmed', reason: 'cleaning', until: '2020-01-01T00:00:00Z' },
    }),
  },
  endOverride: {
    ...{ may: ['operator', 'supervisor'], where: 'there', scope: 'write' },
    call: send('POST', ({ overrideId }) => `/watch/overrides/${overrideId}/end`),
  },
  listSuppressions: { ...reading, may: everybody, call: get(() => '/watch/sites/pier/suppressions') },
  proposeSuppressions: {
    ...{ may: ['supervisor'], where: 'there', scope: 'write' },
    call: send('POST', () => '/watch/sites/pier/suppressions'),
  },
  decideSuppression: {
    ...{ may: ['supervisor'], where: 'there', scope: 'write', noToken: true },
    call: send('POST', ({ suppressionId }) => `/watch/suppressions/${suppressionId}/decide`, {
      ...{ decision: 'decline', reason: 'a test' },
    }),
  },
  endSuppression: {
    ...{ may: ['operator', 'supervisor'], where: 'there', scope: 'write', noToken: true },
    call: send('POST', ({ suppressionId }) => `/watch/suppressions/${suppressionId}/end`, {
      reason: 'a test',
    }),
  },
  backTestSite: {
    ...watchKeeping,
    call: send('POST', () => '/watch/sites/pier/back-test', {
      ...{ text: 'site: Pier', from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' },
    }),
  },
  listIncidents: { ...listing, call: get(() => '/watch/incidents') },
  getIncident: {
    ...reading,
    may: everybody,
    call: get(({ incidentId }) => `/watch/incidents/${incidentId}`),
  },
  stepIncident: {
    ...{ may: ['operator', 'officer', 'investigator', 'supervisor'], where: 'there', scope: 'write' },
    noToken: true,
    call: send('POST', ({ incidentId }) => `/watch/incidents/${incidentId}/steps`, { step: 'close' }),
  },
  listAlerts: { ...listing, call: get(() => '/watch/alerts') },
  revealAlert: {
    ...{ may: ['investigator', 'supervisor', 'privacy'], where: 'there', scope: 'read', noToken: true },
    call: send('POST', ({ alertId }) => `/watch/alerts/${alertId}/reveal`, {
      ...{ what: 'snapshot', reason: 'to see who came' },
    }),
  },
  watchCameraLive: {
    ...{ may: ['investigator', 'supervisor', 'privacy'], where: 'there', scope: 'read', noToken: true },
    call: get(({ cameraId }) => `/watch/cameras/${cameraId}/live?reason=case+7`),
  },
  watchCameraMasked: {
    ...{ ...reading, may: everybody },
    call: get(({ cameraId }) => `/watch/cameras/${cameraId}/masked?follow=no`),
  },
  playRecording: {
    ...{ may: ['investigator', 'supervisor', 'privacy'], where: 'there', scope: 'read', noToken: true },
    call: get(({ cameraId }) => `/watch/cameras/${cameraId}/recording?${span}&reason=case+7`),
  },
  listRecordingGaps: {
    ...{ ...reading, may: everybody },
    call: get(({ cameraId }) => `/watch/cameras/${cameraId}/recording/gaps?${span}`),
  },
  listRecordingDays: {
    ...{ ...reading, may: everybody },
    call: get(({ cameraId }) => `/watch/cameras/${cameraId}/recording/days?${span}`),
  },
  listAlertRecordings: {
    ...{ ...reading, may: everybody },
    call: get(({ alertId }) => `/watch/alerts/${alertId}/recordings`),
  },
  getMaskedStill: {
    ...{ ...reading, may: everybody },
    call: get(({ alertId }) => `/watch/alerts/${alertId}/masked.jpg`),
  },
  getMaskedClip: {
    ...{ ...reading, may: everybody },
    call: get(({ alertId }) => `/watch/alerts/${alertId}/masked.mp4`),
  },
  packageEvidence: {
    ...{ may: ['investigator', 'supervisor', 'privacy'], where: 'there', scope: 'read', noToken: true },
    call: get(({ incidentId }) => `/watch/incidents/${incidentId}/evidence?reason=case+7`),
  },
  followWatchSite: { ...reading, may: everybody, call: get(() => '/watch/sites/pier/events?follow=no') },
  getCoverage: {
    ...{ ...reading, may: everybody },
    call: get(({ cameraId }) => `/watch/cameras/${cameraId}/coverage?${span}`),
  },
  getOperatorLoad: { ...reading, may: everybody, call: get(() => `/watch/sites/pier/load?${span}`) },
  listChannels: { ...watchKeeping, call: get(() => '/watch/sites/pier/channels') },
  addChannel: {
    ...watchKeeping,
    call: send('POST', () => '/watch/sites/pier/channels', {
      ...{ name: 'x', destination: { kind: 'webhook', url: 'http://10.0.0.1/' } },
    }),
  },
  changeChannel: {
    ...watchKeeping,
    call: send('PATCH', ({ channelId }) => `/watch/channels/${channelId}`, { name: 'another' }),
  },
  removeChannel: { ...watchKeeping, call: send('DELETE', ({ channelId }) => `/watch/channels/${channelId}`) },
  testChannel: {
    ...watchKeeping,
    call: send('POST', ({ channelId }) => `/watch/channels/${channelId}/test`),
  },
  listChannelMessages: {
    ...watchKeeping,
    call: get(({ channelId }) => `/watch/channels/${channelId}/messages`),
  },
  retryChannel: {
    ...watchKeeping,
    call: send('POST', ({ channelId }) => `/watch/channels/${channelId}/retry`),
  },
  listInjectionPlans: {
    ...{ may: ['supervisor'], where: 'there', scope: 'read' },
    call: get(() => '/watch/sites/pier/injection-plans'),
  },
  planInjection: {
    ...{ may: ['supervisor'], where: 'there', scope: 'write', noToken: true },
    call: send('POST', () => '/watch/sites/pier/injection-plans', {
      ...{ camera: randomUUID(), clip: randomUUID(), reason: 'a test' },
      expect: { rule: 'dock', withinSeconds: 5 },
    }),
  },
  endInjectionPlan: {
    ...{ may: ['supervisor'], where: 'there', scope: 'write', noToken: true },
    call: send('POST', ({ planId }) => `/watch/injection-plans/${planId}/end`),
  },
  getInjectionReport: {
    ...{ may: ['supervisor'], where: 'there', scope: 'read' },
    call: get(() => `/watch/sites/pier/injections?${span}`),
  },
  listInjectionPlays: {
    ...{ may: ['supervisor'], where: 'there', scope: 'read' },
    call: get(() => `/watch/sites/pier/injection-plays?${span}`),
  },
  getCapFeed: { ...reading, may: everybody, call: get(() => '/watch/sites/pier/cap') },
  getHandover: {
    ...reading,
    may: ['operator', 'officer', 'investigator', 'supervisor', 'privacy', 'admin'],
    call: get(() => `/watch/sites/pier/handover?${span}`),
  },
};

/** What is served besides the routes of the API, all of it to anybody and none of it about people. */
export const pages: readonly string[] = [
  '/api',
  '/api/page.css',
  '/api/v1/openapi.json',
  '/healthz',
  '/metrics',
  '/readyz',
];
