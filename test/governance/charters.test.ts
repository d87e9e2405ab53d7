import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { generateSigningKeyPem, parseSigningKey } from '../../src/core/signing-key.ts';
import {
  charterSchema,
  type Charter,
  type CharterInput,
  type Waiver,
} from '../../src/governance/charters/charter.ts';
import { checkCharter } from '../../src/governance/charters/check.ts';
import type { CrosswalkLine } from '../../src/governance/charters/crosswalk.ts';
import { readFieldName } from '../../src/governance/charters/field-names.ts';
import { judgeCharter } from '../../src/governance/charters/judge.ts';
import { loadCharter, loadPolicy } from '../../src/governance/charters/load.ts';
import { builtInPolicies } from '../../src/governance/charters/policies.ts';
import { policiesOn, policySchema, type Policy } from '../../src/governance/charters/policy.ts';
import { isWhole, type ProxyTest } from '../../src/governance/charters/proxy/verdict.ts';
import { redLines } from '../../src/governance/charters/red-lines.ts';
import { evidenceKinds } from '../../src/governance/charters/words.ts';
import { useCharters } from '../../src/uses/charters.ts';
import { useNames } from '../../src/uses/platform.ts';
import { projectRoot } from '../needs.ts';
import { proxyTests, testersPolicy } from './proxy-tests.ts';

const day = '2026-11-22';
const [base] = useCharters as [Charter];

const rules = (charter: Charter, on = day): string[] =>
  checkCharter(charter, on)
    .filter(({ level }) => level === 'error')
    .map(({ rule }) => rule);

const withInput = (name: string, more: Partial<CharterInput> = {}): Charter => ({
  ...base,
  inputs: [{ name, meaning: 'x', personal: true, source: 'x', flows: ['collected'], ...more }],
});

describe('charters of the uses', () => {
  test('fit the schema and break no rule', () => {
    for (const charter of useCharters) {
      assert.deepEqual(charterSchema.parse(charter), charter);
      assert.deepEqual(rules(charter), [], charter.use);
      assert.ok(useNames.includes(charter.use));
    }
  });
});

describe('protected attributes', () => {
  const forbidden = [
    'race',
    'ethnicGroup',
    'RELIGION',
    'sex',
    'gender_identity',
    'sexualOrientation',
    'medical_condition',
    'disability',
    'place-of-birth',
  ];
  for (const name of forbidden)
    test(`${name} is refused whatever is written beside it`, () => {
      const legalBasis = {
        citation: 'x',
        expires: '2099-01-01',
        civilRightsSignOff: { by: 'CRCL', on: '2026-01-01' },
      };
      const [rule] = rules(withInput(name, { legalBasis }));
      assert.match(rule ?? '', /^protected\//);
    });

  test('nationality and age need a law, its end and the sign-off of CRCL', () => {
    const basis = {
      citation: '8 U.S.C. 1187',
      expires: '2026-12-31',
      civilRightsSignOff: { by: 'CRCL', on: '2026-01-01' },
    };
    for (const name of ['nationality', 'citizenship', 'date_of_birth', 'age']) {
      assert.equal(rules(withInput(name)).length, 1, name);
      assert.deepEqual(rules(withInput(name, { legalBasis: basis })), [], name);
      assert.equal(rules(withInput(name, { legalBasis: basis }), '2027-01-01').length, 1, 'ended');
      assert.equal(rules(withInput(name, { legalBasis: basis }), '2025-12-31').length, 1, 'not signed yet');
      const endless = { ...basis, expires: '2027-01-02' };
      assert.equal(rules(withInput(name, { legalBasis: endless })).length, 1, 'longer than a year');
    }
  });

  test('as an output there is no law for it', () => {
    const charter = { ...base, outputs: [{ name: 'nationality', meaning: 'x', personal: true, to: 'x' }] };
    assert.deepEqual(rules(charter), ['protected/nationality']);
  });

  test('names are read in any spelling, and other words that hold them are not', () => {
    for (const name of ['dateofbirth', 'DateOfBirth', 'DATE OF BIRTH', 'birth-date', 'dob', 'paxAge', 'age2'])
      assert.deepEqual(readFieldName(name).attributes, ['age'], name);
    for (const name of [
      'image',
      'pageNumber',
      'trace',
      'file_age',
      'sussex',
      'countryOfOrigin',
      'message',
      'plate_number',
      'cargo_weight',
    ])
      assert.deepEqual(readFieldName(name), { attributes: [], proxyFor: [] }, name);
  });

  test('a proxy is declared and tested, and the test holds for a year', () => {
    const proxyFor = ['race', 'ethnicity', 'national-origin'] as const;
    const tested = (verdict: 'within' | 'beyond' | 'not-estimable', on: string) =>
      withInput('zip_code', {
        proxyFor: [...proxyFor],
        proxyTests: proxyTests('zip_code', proxyFor, on, { verdict }),
      });
    assert.deepEqual(rules(withInput('zip_code')), ['proxy/undeclared']);
    assert.deepEqual(rules(withInput('zip_code', { proxyFor: ['race'] })), ['proxy/undeclared']);
    assert.deepEqual(rules(withInput('lane', { proxyFor: ['race'] })), ['proxy/untested']);
    const each = (rule: string): string[] => proxyFor.map(() => rule);
    assert.deepEqual(rules(tested('beyond', '2026-06-01')), each('proxy/beyond'));
    assert.deepEqual(rules(tested('not-estimable', '2026-06-01')), each('proxy/beyond'));
    assert.deepEqual(rules(tested('within', '2025-11-22')), each('proxy/untested'));
    assert.deepEqual(rules(tested('within', '2025-11-23')), []);
  });
});

describe('a test of a proxy', () => {
  const attributes = ['race'] as const;
  const on = '2026-06-01';
  const withTests = (tests: readonly ProxyTest[]): Charter =>
    withInput('lane', { proxyFor: [...attributes], proxyTests: [...tests] });
  const judged = (tests: readonly ProxyTest[], policies: readonly Policy[]): string[] =>
    judgeCharter(withTests(tests), policies, day)
      .findings.filter(({ level }) => level === 'error')
      .map(({ rule }) => rule);
  const [made] = proxyTests('lane', attributes, on) as [ProxyTest];

  test('counts as it was signed, by a key that a policy in force names', () => {
    assert.deepEqual(judged([made], [testersPolicy]), []);
    assert.deepEqual(judged([made], builtInPolicies), ['proxy/tester']);
    const ended = { ...testersPolicy, ends: '2026-11-21' };
    assert.deepEqual(judged([made], [ended]), ['proxy/tester']);
    assert.deepEqual(judged([made], [ended, testersPolicy]), []);
  });

  test('of a stranger meets no provision that asks for a charter without proxies', () => {
    const lawful = (policies: readonly Policy[]): readonly CrosswalkLine[] =>
      judgeCharter(withTests([made]), policies, day).crosswalk.filter(({ by, missing }) =>
        [...by, ...missing].some((words) => words.includes('protected attribute')),
      );
    const known = lawful([...builtInPolicies, testersPolicy]);
    const unknown = lawful(builtInPolicies);
    assert.ok(known.length > 0);
    assert.equal(unknown.length, known.length);
    assert.ok(known.every(({ missing }) => missing.length === 0));
    assert.ok(unknown.every(({ status }) => status === 'not-met'));
  });

  test('that an author made up is refused: unsigned, changed, borrowed, or with a key of their own', () => {
    const own = parseSigningKey(generateSigningKeyPem(), 'own');
    assert.deepEqual(judged(proxyTests('lane', attributes, on, {}, own), [testersPolicy]), ['proxy/tester']);
    const typed = { on, report: 'file 7', verdict: 'within' };
    const { inputs } = withTests([]);
    const charter = { ...base, inputs: [{ ...inputs[0], proxyTest: typed }] };
    assert.equal(charterSchema.safeParse(charter).success, false);
    const wrongs: readonly [Partial<ProxyTest['claims']>, string][] = [
      [{ on: '2026-07-01' }, 'proxy/forged'],
      [{ n: 901 }, 'proxy/forged'],
      [{ association: { value: 0, low: 0, high: 0.05 } }, 'proxy/forged'],
      [{ field: 'other' }, 'proxy/untested'],
      [{ attribute: 'sex' }, 'proxy/untested'],
    ];
    for (const [change, rule] of wrongs)
      assert.deepEqual(judged([{ ...made, claims: { ...made.claims, ...change } }], [testersPolicy]), [rule]);
    // A verdict that was bad stays bad, whatever is written over it.
    const [bad] = proxyTests('lane', attributes, on, { verdict: 'beyond' }) as [ProxyTest];
    const mended = { ...bad, claims: { ...bad.claims, verdict: 'within' as const } };
    assert.deepEqual(judged([mended], [testersPolicy]), ['proxy/forged']);
    const wide = { association: { value: 0.2, low: 0.1, high: 0.31 } };
    assert.deepEqual(judged(proxyTests('lane', attributes, on, wide), [testersPolicy]), ['proxy/beyond']);
    // The newest counts.
    const newer = proxyTests('lane', attributes, '2026-07-01', { verdict: 'not-estimable' });
    assert.deepEqual(judged([made, ...newer], [testersPolicy]), ['proxy/beyond']);
  });

  test('is refused with any letter of its signature or key changed', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=';
    assert.ok(isWhole(made));
    for (const part of ['signature', 'publicKey'] as const)
      for (const [at, was] of [...made[part]].entries())
        for (const letter of letters)
          if (letter !== was) {
            const text = `${made[part].slice(0, at)}${letter}${made[part].slice(at + 1)}`;
            assert.ok(!isWhole({ ...made, [part]: text }), `${part} ${at} ${letter}`);
          }
  });
});

describe('red lines', () => {
  const crossing: Record<string, Partial<Charter>> = {
    'no-person-score': { does: ['infer-emotion'] },
    'no-protected-inference': { does: ['infer-protected-attribute'] },
    'no-sole-basis': { decides: { ...base.decides, inEnforcement: 'sole-basis' } },
    'person-decides': { decides: { ...base.decides, personActs: false } },
    'no-indiscriminate-monitoring': { does: ['monitor-indiscriminately'] },
    'search-needs-case': { does: ['search-across-sites'] },
    'no-arrest-by-network': { does: ['name-person-for-arrest'] },
    'no-officer-discipline': { does: ['assess-officers-for-discipline'] },
    'no-evasion-help': { does: ['advise-evasion'] },
    'no-training-on-abuse': { does: ['train-on-child-protection-material'] },
  };
  for (const { id } of redLines)
    test(`${id} refuses the charter, and no waiver helps`, () => {
      const waiver: Waiver = {
        provision: `red-line/${id}`,
        grantedBy: 'CAIO',
        granted: '2026-11-01',
        reported: '2026-11-02',
        expires: '2027-11-01',
        reason: 'x',
        publicSummary: 'x',
      };
      const charter = { ...base, ...crossing[id], waivers: [waiver] };
      assert.deepEqual(rules(charter), [`red-line/${id}`]);
      assert.equal(judgeCharter(charter, builtInPolicies, day).mayRun, false);
    });

  test('names of outputs and deciders give it away too', () => {
    const output = (name: string, personal = true) => ({
      ...base,
      outputs: [{ name, meaning: 'x', personal, to: 'x' }],
    });
    for (const name of ['passengerRisk', 'risk_score', 'EMOTION', 'deception_index'])
      assert.deepEqual(rules(output(name)), ['red-line/no-person-score'], name);
    // To call it not personal does not help; a risk score of goods is none of a person.
    for (const name of ['passengerRisk', 'EMOTION', 'deception_index'])
      assert.deepEqual(rules(output(name, false)), ['red-line/no-person-score'], name);
    assert.deepEqual(rules(output('risk_score', false)), []);
    assert.deepEqual(rules({ ...base, decides: { ...base.decides, who: 'The model' } }), [
      'red-line/person-decides',
    ]);
    const withCase = { ...withInput('case_id'), does: ['search-across-sites' as const] };
    assert.deepEqual(rules(withCase), []);
  });
});

describe('policies and the crosswalk', () => {
  test('the built-in policies fit their schema, and each day has its own', () => {
    for (const policy of builtInPolicies) assert.deepEqual(policySchema.parse(policy), policy);
    const ids = (on: string): string[] => policiesOn(builtInPolicies, on).map(({ id }) => id);
    assert.deepEqual(ids('2022-01-01'), ['eo-13960']);
    assert.deepEqual(ids('2024-06-01'), ['eo-13960', 'dhs-139-06', 'dhs-026-11', 'm-24-10']);
    assert.deepEqual(ids('2025-01-14').includes('dhs-139-06'), true);
    assert.deepEqual(ids('2025-01-15').includes('dhs-139-06'), false);
    assert.deepEqual(ids(day), ['eo-13960', 'dhs-026-11', 'dhs-139-08', 'm-25-21']);
  });

  test('they hold each principle and practice of what they name', () => {
    const sections = (policy: string): string[] =>
      builtInPolicies.find(({ id }) => id === policy)?.provisions.map(({ section }) => section) ?? [];
    const lettered = (last: string, before: string, after: string): string[] =>
      [...'ABCDEFGHI'].slice(0, last.charCodeAt(0) - 64).map((letter) => `${before}${letter}${after}`);
    assert.deepEqual(sections('eo-13960'), [
      ...lettered('I', '3(', ')').map((each) => each.toLowerCase()),
      '5',
    ]);
    const practices = ['i', 'ii', 'ii', 'iii', 'iv', 'v', 'vi', 'vii'].map((number) => `4(b)(${number})`);
    assert.deepEqual(sections('m-25-21'), ['4(a)(ii)', ...practices]);
    const of2024 = sections('m-24-10').join();
    assert.match(of2024, /\(D\)-\(F\).*\(G\).*\(H\).*\(I\).*\(v\)\(A\), \(C\).*\(B\).*\(D\)-\(E\).*\(F\)/);
    const lasting = (policy: Policy | undefined) => [policy?.effective, policy?.due, policy?.ends];
    const [eo, statement, faces, m2410, directive, m2521] = builtInPolicies;
    assert.deepEqual(lasting(eo), ['2020-12-03', undefined, undefined]);
    assert.deepEqual(lasting(statement), ['2023-08-08', undefined, '2025-01-14']);
    assert.deepEqual(lasting(faces), ['2023-09-11', undefined, undefined]);
    assert.deepEqual(lasting(m2410), ['2024-03-28', '2024-12-01', '2025-04-02']);
    assert.deepEqual(lasting(directive), ['2025-01-15', undefined, undefined]);
    assert.deepEqual(lasting(m2521), ['2025-04-03', '2026-04-03', undefined]);
    // The Chief AI Officer may waive minimum practices and nothing else.
    const waivable = builtInPolicies.filter(({ provisions }) => provisions.some((each) => each.waivable));
    assert.deepEqual(waivable, [m2410, m2521]);
  });

  const evidence = evidenceKinds.map((kind) => ({ kind, what: kind, where: 'x', on: '2026-01-01' }));
  const deployed: Charter = { ...base, stage: 'deployed', operational: '2026-01-02', evidence };

  test('a deployed use runs with all its evidence, and not without a piece of it', () => {
    assert.equal(judgeCharter(deployed, builtInPolicies, day).mayRun, true);
    const lacking = { ...deployed, evidence: evidence.filter(({ kind }) => kind !== 'appeal') };
    const { open, mayRun } = judgeCharter(lacking, builtInPolicies, day);
    assert.deepEqual(
      [mayRun, open.map(({ policy, provision, missing }) => [policy, provision, missing])],
      [false, [['m-25-21', 'appeal', ['appeal']]]],
    );
  });

  test('what a memorandum asks by a day is work to do until then, and open from then on', () => {
    const without = evidence.filter(({ kind }) => kind !== 'appeal');
    const started = without.map((each) => ({ ...each, on: '2025-03-01' }));
    const charter = { ...deployed, operational: '2025-03-02', evidence: started };
    const appealOn = (on: string) => {
      const { crosswalk, open, mayRun } = judgeCharter(charter, builtInPolicies, on);
      const line = crosswalk.find(({ provision }) => provision === 'appeal');
      return [line?.status, line?.due, open.length, mayRun];
    };
    assert.deepEqual(appealOn('2026-04-02'), ['not-met', '2026-04-03', 0, true]);
    assert.deepEqual(appealOn('2026-04-03'), ['not-met', undefined, 1, false]);
  });

  test('a pilot is free of the practices when the Chief AI Officer has certified it, and by that alone', () => {
    const pilot = (kinds: readonly string[]): string[] =>
      judgeCharter(
        { ...deployed, stage: 'pilot', evidence: evidence.filter(({ kind }) => !kinds.includes(kind)) },
        builtInPolicies,
        day,
      ).open.map(({ policy, provision }) => `${policy}/${provision}`);
    assert.deepEqual(pilot(['appeal']), []);
    assert.deepEqual(pilot(['caio-sign-off']), ['m-25-21/pilot']);
  });

  test('what is met says whether evidence, the software, or the charter alone shows it', () => {
    const rests = (provision: string) =>
      judgeCharter(deployed, builtInPolicies, day).crosswalk.find(
        ({ policy, provision: each }) => `${policy}/${each}` === provision,
      )?.rests;
    assert.equal(rests('eo-13960/accurate'), 'evidence');
    assert.equal(rests('eo-13960/lawful'), 'software');
    assert.equal(rests('eo-13960/purposeful'), 'charter');
  });

  test('a waiver of what no policy has, or nobody may waive, is named', () => {
    const waiver = { grantedBy: 'CAIO', granted: day, expires: day, reason: 'x', publicSummary: 'x' };
    const named = (provision: string) =>
      judgeCharter({ ...deployed, waivers: [{ ...waiver, provision }] }, builtInPolicies, day)
        .findings.filter(({ rule }) => rule === 'waiver/provision')
        .map(({ message }) => message);
    assert.match(named('m-25-21/apeal').join(), /no policy has such a provision/);
    assert.match(named('eo-13960/safe').join(), /nobody may waive it/);
    assert.deepEqual(named('m-25-21/appeal'), []);
  });

  test('evidence ends on its day, and tests of faces after 36 months', () => {
    const ended = evidence.map((each) =>
      each.kind === 'training' ? { ...each, expires: '2026-11-21' } : each,
    );
    assert.equal(judgeCharter({ ...deployed, evidence: ended }, builtInPolicies, '2026-11-21').mayRun, true);
    assert.equal(judgeCharter({ ...deployed, evidence: ended }, builtInPolicies, day).mayRun, false);
    const faces: Charter = { ...deployed, does: ['compare-faces-one-to-one'] };
    const openOn = (on: string): string[] =>
      judgeCharter(faces, builtInPolicies, on).open.map(({ provision }) => provision);
    assert.deepEqual(openOn('2029-01-01'), []);
    assert.deepEqual(openOn('2029-01-02'), ['bias-test', 'performance-goals']);
  });

  test('a waiver stands in for a practice while its clocks are kept', () => {
    const waiver: Waiver = {
      provision: 'm-25-21/appeal',
      grantedBy: 'CAIO',
      granted: '2026-10-01',
      expires: '2027-01-01',
      reason: 'x',
      publicSummary: 'x',
    };
    const judged = (changes: Partial<Waiver>, on: string) =>
      judgeCharter(
        {
          ...deployed,
          evidence: evidence.filter(({ kind }) => kind !== 'appeal'),
          waivers: [{ ...waiver, ...changes }],
        },
        builtInPolicies,
        on,
      ).mayRun;
    assert.equal(judged({}, '2026-10-31'), true);
    assert.equal(judged({}, '2026-11-01'), false, 'not reported within 30 days');
    assert.equal(judged({ reported: '2026-10-31' }, '2026-11-01'), true);
    assert.equal(judged({ reported: '2026-11-01' }, '2026-11-02'), false, 'reported late');
    assert.equal(judged({ reported: '2026-10-05' }, '2027-01-02'), false, 'ended');
    assert.equal(judged({ reported: '2026-10-20', expires: '2027-10-01' }, '2026-11-01'), true, 'a year');
    assert.equal(judged({ reported: '2026-10-20', expires: '2027-10-02' }, '2026-10-25'), false, 'longer');
    assert.equal(judged({ reported: '2026-10-05', revoked: '2026-11-10' }, '2026-11-09'), true);
    assert.equal(judged({ reported: '2026-10-05', revoked: '2026-11-10' }, '2026-11-10'), false, 'revoked');
    assert.equal(judged({ provision: 'dhs-139-08/no-sole-basis', reported: '2026-10-02' }, day), false);
  });
});

describe('files of an agency', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tw-charters-'));
  });
  after(() => rm(folder, { recursive: true }));

  test('the examples of docs/charters.md are read, and the policy is enforced', async () => {
    const guide = await readFile(join(projectRoot, 'docs/charters.md'), 'utf8');
    const block = (name: string): string =>
      new RegExp(`\`\`\`yaml ${name}\n([^]*?)\`\`\``).exec(guide)?.[1] ?? '';
    await writeFile(join(folder, 'charter.yaml'), block('charter'));
    await writeFile(join(folder, 'policy.yaml'), block('policy'));
    const charter = await loadCharter(join(folder, 'charter.yaml'));
    const policy = await loadPolicy(join(folder, 'policy.yaml'));
    assert.deepEqual(rules(charter), []);
    assert.equal(judgeCharter(charter, builtInPolicies, day).mayRun, true);
    const { open } = judgeCharter(charter, [policy], day);
    assert.deepEqual(
      open.map((line) => `${line.policy}/${line.provision}`),
      ['port-of-example-1/notice-at-lanes'],
    );
  });

  for (const [what, text, message] of [
    ['a field too many', JSON.stringify({ ...base, waiveRedLines: true }), /waiveRedLines/],
    ['a missing field', JSON.stringify({ ...base, purpose: '' }), /purpose/],
    [
      'a name in capitals',
      JSON.stringify({ ...base, use: 'Lanes' }),
      /use: small letters, digits and hyphens/,
    ],
    ['aliases', 'a: &a [1]\nb: *a\n', /cannot be read/],
    ['no YAML', '{', /cannot be read/],
  ] as const)
    test(`a charter with ${what} is refused`, async () => {
      const path = join(folder, 'bad.yaml');
      await writeFile(path, text);
      await assert.rejects(loadCharter(path), { code: 'E_CHARTER', message });
    });
});
