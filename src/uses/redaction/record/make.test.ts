import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { generateSigningKeyPem, parseSigningKey } from '../../../core/signing-key.ts';
import { signPermit } from '../../../core/permit.ts';
import { region } from '../../../../test/redaction-plan.ts';
import { smallPlan, smallRecord } from '../../../../test/sealed-folder.ts';
import { exemptionLog } from './exemptions.ts';
import { formatRecord, readRecord, recordSchema } from './schema.ts';
import { checkSentence } from './sentences.ts';

const output = Buffer.from('output');

describe('a record', () => {
  test('survives its text, and is the same for the same parts', () => {
    const record = smallRecord('clip', output);
    const text = formatRecord(record);
    assert.deepEqual(readRecord(text), record);
    assert.equal(formatRecord(smallRecord('clip', output)), text);
    assert.equal(formatRecord(readRecord(text)!), text);
    assert.deepEqual(recordSchema.parse(JSON.parse(text)), record);
  });

  test('is not read when it is of another version or was cut', () => {
    const text = formatRecord(smallRecord('clip', output));
    for (const bad of ['', text.slice(0, -4), text.replace('"version": 2', '"version": 1'), '[]'])
      assert.equal(readRecord(bad), undefined);
  });

  test('lists what was covered, and counts what was left visible', () => {
    const { covered, regions } = smallRecord('clip', output);
    assert.deepEqual(
      covered.map(({ id, origin, reason }) => [id, origin, reason]),
      [
        ['face-1', 'model', '(b)(6)'],
        ['plate-1', 'person', '(b)(7)(C)'],
        ['box-1', 'rule', undefined],
      ],
    );
    assert.deepEqual(covered[0], {
      id: 'face-1',
      class: 'face',
      subject: 'person-1',
      start: 0.5,
      end: 4.25,
      style: 'solid',
      reason: '(b)(6)',
      origin: 'model',
      score: 0.91,
    });
    assert.deepEqual(regions['person'], { covered: 0, visible: 1 });
  });

  test('explains its reasons by itself', () => {
    const table = {
      id: 'own',
      title: 'Own',
      reasons: [{ code: 'P1', basis: 'Act, section 12', text: 'Personal data.' }],
      proposals: {},
    };
    const plan = smallPlan({
      regions: ['P1', '(b)(6)', 'unknown', 'P1'].map((reason, index) =>
        region({ id: `face-${index}`, reason }),
      ),
    });
    assert.deepEqual(
      smallRecord('clip', output, { plan, reasons: table }).reasons.map(({ code, basis }) => [code, basis]),
      [
        ['(b)(6)', '5 U.S.C. 552(b)(6)'],
        ['P1', 'Act, section 12'],
        ['unknown', undefined],
      ],
    );
  });

  test('says under which permit the models ran', () => {
    const { privateKey } = parseSigningKey(generateSigningKeyPem(), 'test');
    const claims = {
      id: 'permit-7',
      issuer: 'governance office',
      use: 'redaction',
      purpose: 'release',
      site: 'all',
      models: [{ id: 'm', digest: 'a'.repeat(64), threshold: [0, 1] as [number, number] }],
      notBefore: '2026-01-01T00:00:00Z',
      expires: '2027-01-01T00:00:00Z',
    };
    const record = smallRecord('clip', output, { permit: signPermit(claims, privateKey) });
    assert.deepEqual(record.permit, {
      kind: 'signed',
      id: 'permit-7',
      issuer: 'governance office',
      purpose: 'release',
      site: 'all',
      expires: claims.expires,
    });
    assert.equal('permit' in smallRecord('clip', output), false);
    assert.deepEqual(readRecord(formatRecord(record)), record);
  });

  test('without a check says so in words', () => {
    const { check } = smallRecord('clip', output);
    assert.equal(check, undefined);
    assert.match(checkSentence(check), /^Not checked/);
  });
});

describe('the exemption log', () => {
  const rows = (text: string): string[][] =>
    text
      .split('\r\n')
      .slice(0, -1)
      .map((row) => row.split(','));

  test('has a row for each region, with times, basis and room for the reviewer', () => {
    const [header, face, plate, box, ...rest] = rows(exemptionLog(smallRecord('clip', output)));
    assert.deepEqual(rest, []);
    assert.equal(
      header?.join(),
      'file,id,class,start,end,place,style,reason_code,statutory_basis,proposed_by,reviewed_by,reviewed_on,decision,remarks',
    );
    assert.deepEqual(face, [
      'clip.redacted.mp4',
      'face-1',
      'face',
      '0:00:00.500',
      '0:00:04.250',
      '',
      'solid',
      '(b)(6)',
      '5 U.S.C. 552(b)(6)',
      'model',
      '',
      '',
      '',
      '',
    ]);
    assert.equal(plate?.[9], 'person');
    assert.deepEqual(box?.slice(7, 10), ['', '', 'rule']);
  });

  test('has rows for sound and for what lies outside of the boxes to keep', () => {
    const plan = smallPlan({
      regions: [],
      keepOnly: { boxes: [[0, 0, 10, 10]], style: 'solid' },
      audio: { mode: 'spans', spans: [[1, 2]], style: 'bleep' },
    });
    assert.deepEqual(
      rows(exemptionLog(smallRecord('clip', output, { plan })))
        .slice(1)
        .map((row) => row.slice(1, 7)),
      [
        ['outside', 'outside', '0:00:00.000', '0:00:10.000', '', 'solid'],
        ['sound-1', 'sound', '0:00:01.000', '0:00:02.000', '', 'bleep'],
      ],
    );
    const muted = smallPlan({ regions: [], audio: { mode: 'mute' } });
    assert.equal(rows(exemptionLog(smallRecord('clip', output, { plan: muted }))).length, 1);
    const audio = [{ mode: 'mute', codec: 'aac' }];
    const rendered = { frames: 1, notes: [], removed: [], audio };
    assert.equal(rows(exemptionLog(smallRecord('clip', output, { plan: muted, rendered }))).length, 2);
  });

  test('of a picture has places instead of times, and disarms the names of files', () => {
    const plan = smallPlan();
    const picture = { ...plan, source: { ...plan.source, kind: 'picture' as const, duration: 0 } };
    const text = exemptionLog(smallRecord('=HYPERLINK()', output, { plan: picture }));
    assert.match(text, /\r\n'=HYPERLINK\(\)\.redacted\.mp4,face-1,face,,,\d+ \d+ \d+ \d+,solid,/);
  });
});
