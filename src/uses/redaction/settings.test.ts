import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TidewaiterError } from '../../core/errors.ts';
import { plan, region } from '../../../test/redaction-plan.ts';
import { findProfile, profileNames } from './profile.ts';
import { builtInReasonTables, reasonTable } from './reasons.ts';
import { settingsDigest } from './record/digests.ts';
import { render } from './render.ts';
import { checkedProfile, styleOf, type RedactionSettings } from './settings.ts';
import { exposingStyles, styles } from './styles.ts';

function refused(code: string, settings: RedactionSettings, found?: readonly string[]): void {
  assert.throws(
    () => checkedProfile(settings, found),
    (error) => error instanceof TidewaiterError && error.code === code,
  );
}

describe('settings', () => {
  test('name a profile that exists, and take from it what they do not say', () => {
    for (const profile of profileNames) {
      const checked = checkedProfile({ profile });
      assert.equal(checked.name, profile);
      assert.equal(styleOf({ profile }, checked, 'face'), checked.style);
    }
    refused('E_PROFILE', { profile: 'none' });
  });

  test('for release refuse every style that exposes, for any class', () => {
    for (const style of styles) {
      for (const name of ['default', 'face', 'outside']) {
        const settings: RedactionSettings = { profile: 'public-release', styles: { [name]: style } };
        if (exposingStyles.has(style)) refused('E_STYLE_REVERSIBLE', settings);
        else checkedProfile(settings);
        checkedProfile({ ...settings, profile: 'standard' });
      }
    }
  });

  test('cannot draw reasons without a table of them', () => {
    refused('E_OPTION', { profile: 'standard', label: 'reason' });
    checkedProfile({ profile: 'standard', label: 'reason', reasons: reasonTable('foia-us') });
  });

  test('cannot name a class that nothing finds', () => {
    refused('E_OPTION', { profile: 'standard', classes: ['face', 'plates'] });
    refused('E_OPTION', { profile: 'standard', styles: { faces: 'blur' } });
    checkedProfile({
      profile: 'standard',
      classes: ['bag'],
      styles: { default: 'blur', box: 'solid', outside: 'solid' },
    });
  });

  test('may name classes of registered models, which are known when these run', () => {
    const settings: RedactionSettings = { profile: 'standard', classes: ['helmet'], models: ['mine'] };
    checkedProfile(settings);
    checkedProfile(settings, ['helmet', 'vest']);
    refused('E_OPTION', settings, ['vest']);
  });
});

describe('the digest of settings', () => {
  const settings: RedactionSettings = {
    profile: 'standard',
    styles: { face: 'blur', default: 'solid' },
    spans: [{ start: 1, end: 2 }],
  };

  test('is the same for the same settings, however they were written', () => {
    const again: RedactionSettings = {
      spans: [{ end: 2, start: 1 }],
      styles: { default: 'solid', face: 'blur' },
      profile: 'standard',
    };
    assert.equal(settingsDigest(again), settingsDigest(settings));
    assert.equal(
      settingsDigest(JSON.parse(JSON.stringify(settings)) as RedactionSettings),
      settingsDigest(settings),
    );
  });

  test('is another one for any other settings', () => {
    const others: RedactionSettings[] = [
      { ...settings, profile: 'thorough' },
      { ...settings, styles: { face: 'solid', default: 'blur' } },
      { ...settings, spans: [{ start: 1, end: 2.001 }] },
      { ...settings, keep: ['person-1'] },
      { ...settings, only: ['person-1'] },
      { ...settings, words: ['a', 'b'] },
      { ...settings, words: ['b', 'a'] },
      { ...settings, allowDamage: true },
    ];
    const digests = [settings, ...others].map((one) => settingsDigest(one));
    assert.equal(new Set(digests).size, digests.length);
  });
});

describe('tables of reasons', () => {
  test('that come with the tool hold together', () => {
    for (const name of builtInReasonTables) assert.equal(reasonTable(name).id, name);
    assert.throws(() => reasonTable('mars'), { code: 'E_REASONS' });
  });

  const own = {
    id: 'agency',
    title: 'Agency',
    reasons: [{ code: 'A1', basis: 'Act 1', text: 'Privacy.' }],
    proposals: { face: 'A1' },
  };

  test('may be brought along', () => {
    assert.deepEqual(reasonTable('agency.json', JSON.stringify(own)), own);
  });

  for (const [what, json] of [
    ['that is not JSON', '{'],
    ['with a field too many', JSON.stringify({ ...own, more: 1 })],
    [
      'with a code too long for a mask',
      JSON.stringify({ ...own, reasons: [{ ...own.reasons[0], code: 'x'.repeat(25) }] }),
    ],
    ['that proposes a code it does not have', JSON.stringify({ ...own, proposals: { face: 'B2' } })],
  ] as const) {
    test(`${what} is refused`, () => {
      assert.throws(() => reasonTable('agency.json', json), { code: 'E_REASONS' });
    });
  }
});

describe('a plan that somebody edited', () => {
  const request = { input: '/nowhere.mp4', output: '/nowhere/out.mp4', allowDamage: false };

  test('is not rendered in a style that its profile refuses', async () => {
    const open = plan({ profile: 'public-release', regions: [region({ style: 'outline' })] });
    await assert.rejects(render({ ...request, plan: open }, {}), { code: 'E_STYLE_REVERSIBLE' });
    const keepOnly = {
      boxes: [[0, 0, 9, 9] as [number, number, number, number]],
      style: 'mosaic-inside' as const,
    };
    const outside = plan({ profile: 'public-release', keepOnly });
    await assert.rejects(render({ ...request, plan: outside }, {}), { code: 'E_STYLE_REVERSIBLE' });
    await assert.rejects(render({ ...request, plan: plan({ profile: 'mine' }) }, {}), { code: 'E_PROFILE' });
  });

  test('may switch off a region of any style', async () => {
    const off = plan({ profile: 'public-release', regions: [region({ style: 'outline', redact: false })] });
    // What stops it now is that the clip does not exist.
    await assert.rejects(render({ ...request, plan: off }, {}), /does not exist/);
  });
});

test('for release, what is covered cannot be undone unless somebody changes the profile', () => {
  assert.equal(findProfile('public-release').allowReversible, false);
  for (const name of profileNames) assert.ok(!exposingStyles.has(findProfile(name).style));
});
