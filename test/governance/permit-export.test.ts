import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TidewaiterError } from '../../src/core/errors.ts';
import { verifyPermit, type PermitClaims, type SignedPermit } from '../../src/core/permit.ts';
import { recordTest, recordTraining } from '../../src/governance/permits/evidence.ts';
import { issuePermit } from '../../src/governance/permits/issue.ts';
import { offices } from '../../src/governance/permits/offices.ts';
import { register, signOff } from '../../src/governance/permits/registrations.ts';
import { engineOf } from '../../src/host/engine-options.ts';
import { findModel } from '../../src/models/index.ts';
import { readSettings } from '../../src/platform/settings/settings.ts';
import { openPlatform, type OpenPlatform } from '../../src/server/open-platform.ts';
import { charter as redaction } from '../../src/uses/redaction/charter.ts';
import { startPostgres, type RunningPostgres } from '../platform/postgres.ts';
import { start, testCache, type Answer } from '../redaction/program.ts';
import { DAY_MS, deployed, openOffice } from './permit-office.ts';

const photograph = fileURLToPath(
  new URL('../../node_modules/@vladmandic/face-api/demo/sample2.jpg', import.meta.url),
);
const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-carried-'));
chmodSync(folder, 0o711);
const at = (name: string): string => join(folder, name);
const charter = deployed(redaction);
let server: RunningPostgres;
let platform: OpenPlatform;
let id: string;

before(async () => {
  server = await startPostgres();
  const { user, host, port, database } = await server.newDatabase();
  // Both the platform here and the command find the same data by these.
  process.env['TIDEWAITER_DATA'] = at('data');
  process.env['TIDEWAITER_DATABASE_URL'] =
    `postgres://${user}@${encodeURIComponent(host)}:${port}/${database}`;
  const settings = await readSettings(process.env, folder);
  platform = await openPlatform({ settings, database: 'run', log: () => undefined, onFailed: assert.fail });
  const { db, keys } = platform;
  const { people, now } = await openOffice(db, keys);
  const models = await Promise.all(
    charter.models.map(async (model) => ({
      ...{ id: model.id, digest: (await findModel(model.id, { cacheDir: testCache })).card.digest },
      threshold: [0, 1] as [number, number],
    })),
  );
  const registration = await register(platform, {
    ...{ charter, purposes: ['release'], models, by: people.author, now: now() },
  });
  for (const office of offices)
    await signOff(platform, {
      ...{
        registration,
        office,
        verdict: 'signed',
        reason: 'read and agreed',
        by: people[office],
        now: now(),
      },
    });
  const expires = new Date(now().getTime() + 100 * DAY_MS);
  const lasting = { use: charter.use, by: people.caio, now: now(), expires };
  for (const { digest: modelDigest } of models)
    await recordTest(platform, {
      ...{ ...lasting, kind: 'accuracy', modelDigest, reportDigest: 'ef'.repeat(32), passed: true },
      testedAt: now(),
    });
  await recordTraining(platform, {
    ...{ ...lasting, personId: people.officer, module: 'basics', completedAt: now() },
  });
  const issued = await issuePermit(
    { db, keys },
    {
      ...{ registration, site: '*', purpose: 'release', by: people.caio, now: now() },
      expires: new Date(now().getTime() + 50 * DAY_MS),
    },
  );
  ({ id } = issued.claims);
});
after(async () => {
  await platform.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** `program.ts` gives redactions a data folder of their own: a machine that knows nothing of the store. */
const redact = (out: string, ...words: string[]): Promise<Answer> =>
  start(['redact', photograph, '--profile', 'fast', '-o', at(out), ...words]).ended;

const permitCommand = (...words: string[]): Promise<Answer> =>
  start(['governance', 'permit', ...words], [...['env', `TIDEWAITER_DATA=${at('data')}`]]).ended;

describe('a permit that is carried to another machine', () => {
  test('is listed and exported by commands, and a redaction runs under it there', async () => {
    const listed = await permitCommand('list');
    assert.equal(listed.code, 0, listed.stderr);
    assert.match(listed.stdout, new RegExp(`^${id} {2}live {5}${charter.use} for release at \\*, until `));
    const words = ['export', id, '-o', at('permit.json'), '--key', at('permit.pem')];
    const exported = await permitCommand(...words);
    assert.equal(exported.code, 0, exported.stderr);
    assert.match(exported.stdout, /permit\.json holds until \d{4}-/);
    assert.match((await permitCommand(...words)).stderr, /E_OPTION_FILE/);
    const again = await permitCommand('export', id, '-o', at('second.json'), '--key', at('permit.pem'));
    assert.match(again.stderr, /E_OPTION_FILE: .*permit\.pem/);
    assert.ok(!existsSync(at('second.json')), 'without its key it is not there');
    const { rows } = await kinds();
    assert.ok(rows.includes('governance.permit-exported'));

    const carried = ['--permit', at('permit.json'), '--permit-key', at('permit.pem')];
    const done = await redact('permitted.jpg', ...carried);
    assert.equal(done.code, 0, done.stderr);
    const records = readdirSync(folder).filter(
      (name) => name.startsWith('permitted') && name.endsWith('.json'),
    );
    assert.ok(records.length > 0, readdirSync(folder).join());
    for (const name of records) {
      const text = readFileSync(at(name), 'utf8');
      assert.ok(!text.includes('EVALUATION'), name);
    }
    const alone = await redact('keyless.jpg', '--permit', at('permit.json'));
    assert.match(alone.stderr, /E_PERMIT_KEY/);
  });

  test('is refused by name after any one byte was changed', async () => {
    const whole = readFileSync(at('permit.json'));
    const publicKey = createPublicKey(readFileSync(at('permit.pem')));
    const { claims } = JSON.parse(whole.toString()) as SignedPermit;
    const [model] = claims.models;
    const open = async (path: string): Promise<PermitClaims> => {
      const { permit } = await engineOf({ permit: path, permitKey: at('permit.pem'), threads: 1 });
      assert.equal(permit.kind, 'signed');
      const wanted = { modelId: model!.id, digest: model!.digest, use: claims.use, threshold: 0.5 };
      verifyPermit(permit, wanted, { publicKey, now: platform.now() });
      return permit.claims;
    };
    assert.deepEqual(await open(at('permit.json')), claims);
    for (let byte = 0; byte < whole.length; byte++) {
      const changed = Buffer.from(whole);
      changed[byte]! ^= 1;
      writeFileSync(at('changed.json'), changed);
      await assert.rejects(
        open(at('changed.json')),
        (error) => {
          assert.ok(error instanceof TidewaiterError, String(error));
          if (error.code === 'E_PERMIT_FORMAT')
            assert.match(error.message, /changed\.json is not a signed permit/);
          else {
            const { claims: said } = JSON.parse(changed.toString()) as SignedPermit;
            assert.equal(error.code, 'E_PERMIT_SIGNATURE');
            assert.ok(error.message.startsWith(`Permit ${said.id} was not signed by the given key`));
          }
          return true;
        },
        `byte ${byte}`,
      );
    }
  });
});

/** Kinds of events that were told to the ledger. */
async function kinds(): Promise<{ rows: string[] }> {
  const events = await platform.db.selectFrom('ledger_outbox').select('event').execute();
  return { rows: events.map(({ event }) => String((event as { kind?: unknown }).kind)) };
}
