import { TidewaiterError } from '../../core/errors.ts';
import {
  checkPlace,
  evaluationPermit,
  signLease,
  verifySigned,
  type Permit,
  type SignedPermit,
} from '../../core/permit.ts';
import { publicKeyPem } from '../../core/signing-key.ts';
import type { PermitSource } from '../../host/permit-source.ts';
import type { JobAboutToStart } from '../../platform/jobs/kind.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { PlatformKeys } from '../../platform/platform.ts';
import type { KeptSigningKey, VerifyKey } from '../../platform/secrets/signing-keys.ts';
import type { Database } from '../../platform/store/database.ts';
import { dayOf, type Day } from '../charters/days.ts';
import type { Policy } from '../charters/policy.ts';
import { charterLacks } from './ends.ts';
import { PERMIT_KEYS } from './issue.ts';
import type { Mode } from './mode.ts';
import { findRegistration } from './registrations.ts';
import { noteTime, readStanding, type KeptPermit, type Standing, type Wanted } from './standing.ts';

/** What the gate needs of the platform. */
export interface GateOptions {
  readonly db: Database;
  readonly keys: PlatformKeys;
  /** The mode that the settings ask for: `enforced` there holds whatever was decided. */
  readonly mode: Mode;
  /** What charters are judged by; asked each time. The same list is as good as no change. */
  policies(): Promise<readonly Policy[]>;
  now(): Date;
}

/** Clocks of machines that share a database may differ by this much. */
const CLOCKS_DIFFER_MS = 60_000;
/** The latest moment is kept this far behind, so that not every lease writes. */
const NOTE_EVERY_MS = 2_000;

/** What a charter lacked on a day, by these policies. */
interface CharterJudged {
  readonly day: Day;
  readonly mark: string;
  readonly policies: readonly Policy[];
  readonly lacks: readonly string[];
}

/**
 * Stands between jobs and models: who may start, under which permit, and whether it still holds. Anything it cannot find
 * out is a no.
 */
export class PermitGate {
  readonly #options: GateOptions;
  /** What the charter of a registration lacks on a day. */
  readonly #charters = new Map<string, CharterJudged>();

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * What the models of a job may run under; undefined for work of the platform, which runs none. A refusal is in the ledger.
   * @throws TidewaiterError `E_PERMIT_...`.
   */
  async admit(job: JobAboutToStart): Promise<PermitSource | undefined> {
    const { use, purpose, siteId: site, caseId, createdBy: person } = job;
    if (use === 'platform') return undefined;
    try {
      return await this.open({ use, purpose, site, person, caseId });
    } catch (error) {
      if (error instanceof TidewaiterError) await this.#noteRefusal(job, error.code);
      throw error;
    }
  }

  /** As {@link admit}, for work that is no job. */
  async open(wanted: Wanted): Promise<PermitSource> {
    const { keys, now } = this.#options;
    const { purpose, site, caseId } = wanted;
    const standing = await this.#read(wanted);
    if (this.#mode(standing) === 'evaluation') {
      const renew = async (): Promise<Permit> => {
        if (this.#mode(await this.#read(wanted)) === 'enforced') throw evaluationEnded();
        return evaluationPermit;
      };
      return { permit: evaluationPermit, purpose, site, renew };
    }
    const known = await keys.verifying(PERMIT_KEYS);
    const key = await keys.signing(PERMIT_KEYS);
    const permit = choose(standing, wanted, known, now());
    const publicKey = publicKeyPem(key.publicKey);
    return { permit, publicKey, purpose, site, renew: () => this.#lease(wanted, { known, key, caseId }) };
  }

  async #lease(
    wanted: Wanted,
    {
      known,
      key,
      caseId,
    }: {
      readonly known: readonly VerifyKey[];
      readonly key: KeptSigningKey;
      readonly caseId: string | undefined;
    },
  ): Promise<SignedPermit> {
    const standing = await this.#read(wanted);
    const now = this.#options.now();
    const { claims } = choose(standing, wanted, known, now);
    const authority = caseId === undefined ? {} : { authority: caseId };
    return signLease(claims, { now, privateKey: key.privateKey, ...authority });
  }

  /** @throws TidewaiterError `E_PERMIT_SUSPENDED`, `E_PERMIT_CLOCK`. */
  async #read(wanted: Wanted): Promise<Standing> {
    const { db, keys, now } = this.#options;
    const at = now();
    const standing = await readStanding(db, keys.seals, { wanted, now: at });
    if (standing.suspended)
      throw new TidewaiterError(
        'E_PERMIT_SUSPENDED',
        `The use ${wanted.use} is suspended`,
        'Ask the office of AI governance why, and start the work again when it is lifted.',
      );
    const latest = standing.latest?.getTime() ?? 0;
    if (this.#mode(standing) === 'enforced' && at.getTime() < latest - CLOCKS_DIFFER_MS)
      throw new TidewaiterError(
        'E_PERMIT_CLOCK',
        `The clock of this machine stands before ${new Date(latest).toISOString()}, which has been`,
        'Set the clock right.',
      );
    if (at.getTime() > latest + NOTE_EVERY_MS) await noteTime(db, at);
    if (this.#mode(standing) === 'evaluation') return standing;
    const permits: KeptPermit[] = [];
    for (const kept of standing.permits)
      permits.push({ ...kept, lacks: [...kept.lacks, ...(await this.#charterLacks(kept, at))] });
    return { ...standing, permits };
  }

  /** What a charter names ends by day, and policies begin and end by day: while they are the same, once a day is enough. */
  async #charterLacks({ registration, charterMark: mark }: KeptPermit, at: Date): Promise<readonly string[]> {
    const [day, policies] = [dayOf(at), await this.#options.policies()];
    const known = this.#charters.get(registration);
    if (known?.day === day && known.mark === mark && known.policies === policies) return known.lacks;
    const lacks = await this.#judge(registration, policies, day);
    this.#charters.set(registration, { day, mark, policies, lacks });
    return lacks;
  }

  /** A charter that is not what was registered is as good as none: the rules on faces are asked of what it says. */
  async #judge(registration: string, policies: readonly Policy[], day: Day): Promise<readonly string[]> {
    try {
      const { charter } = await findRegistration(this.#options.db, registration);
      return charterLacks(charter, policies, day);
    } catch (error) {
      if (error instanceof TidewaiterError && error.code === 'E_GOVERNANCE') return ['charter as registered'];
      throw error;
    }
  }

  #mode({ mode }: Standing): Mode {
    return this.#options.mode === 'enforced' ? 'enforced' : mode;
  }

  async #noteRefusal({ id, use, siteId, purpose }: JobAboutToStart, code: string): Promise<void> {
    const { db, now } = this.#options;
    await db.transaction().execute((tx) =>
      append(tx, {
        ...{ kind: 'governance.run-refused', at: now(), actor: 'system', siteId, subjects: { job: id } },
        facts: { use, purpose, code },
      }),
    );
  }
}

/**
 * The permit under which work may run.
 * @throws TidewaiterError why the one that fits best does not do.
 */
function choose({ permits }: Standing, wanted: Wanted, known: readonly VerifyKey[], now: Date): SignedPermit {
  let why: TidewaiterError | undefined;
  for (const kept of permits) {
    try {
      return check(kept, wanted, known, now);
    } catch (error) {
      if (!(error instanceof TidewaiterError)) throw error;
      why ??= error;
    }
  }
  throw (
    why ??
    new TidewaiterError(
      'E_PERMIT_MISSING',
      `There is no permit for ${wanted.use}`,
      'Ask the office of AI governance to issue one.',
    )
  );
}

function check(kept: KeptPermit, wanted: Wanted, known: readonly VerifyKey[], now: Date): SignedPermit {
  const { id, claims, signature, revoked, lacks, trained } = kept;
  const permit: SignedPermit = { kind: 'signed', claims, signature };
  verifyByAny(permit, known, now);
  checkPlace(claims, wanted);
  if (revoked || claims.id !== id)
    throw new TidewaiterError('E_PERMIT_REVOKED', `Permit ${id} was revoked`, 'Ask for a new one.');
  checkLacks(id, lacks);
  if (!trained)
    throw new TidewaiterError(
      'E_PERMIT_TRAINING',
      `Whoever asked for this has no current training for ${claims.use}`,
      'Pass the training of the use first. Whoever did: ask an administrator to run tidewaiter doctor.',
    );
  return permit;
}

/**
 * Returns when one of our keys signed the permit and it holds at this moment.
 * @throws TidewaiterError what the newest key says when none verifies.
 */
export function verifyByAny(permit: SignedPermit, known: readonly VerifyKey[], now: Date): void {
  const fits = known.find(({ publicKey }) => {
    try {
      verifySigned(permit, { publicKey, now });
      return true;
    } catch {
      return false;
    }
  });
  if (fits !== undefined) return;
  const [newest] = known;
  verifySigned(permit, { now, ...(newest === undefined ? {} : { publicKey: newest.publicKey }) });
}

/** @throws TidewaiterError `E_PERMIT_LACKS`. */
export function checkLacks(id: string, lacks: readonly string[]): void {
  if (lacks.length > 0)
    throw new TidewaiterError(
      'E_PERMIT_LACKS',
      `Permit ${id} rests on what no longer holds: ${lacks.join(', ')}`,
      'Ask the offices to renew what is missing.',
    );
}

function evaluationEnded(): TidewaiterError {
  return new TidewaiterError(
    'E_PERMIT_MISSING',
    'The work began for evaluation, and models run under permits here by now',
    'Start it again: it will ask for its permit.',
  );
}
