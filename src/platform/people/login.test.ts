import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkedLogin, checkedName, normalLogin } from './login.ts';

test('a login is the same however often it is put into its form, whatever letters it has', () => {
  for (let point = 0; point <= 0x10ffff; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const once = normalLogin(`a${String.fromCodePoint(point)}b`);
    assert.equal(normalLogin(once), once, point.toString(16));
  }
});

test('a login is the same in capitals, wide letters and ligatures', () => {
  for (const typed of ['OFFICER', ' officer ', 'Oﬃcer', 'ｏｆｆｉｃｅｒ', '𝐨𝐟𝐟𝐢𝐜𝐞𝐫'])
    assert.equal(checkedLogin(typed), 'officer');
  assert.equal(checkedLogin('José'), checkedLogin('JOSE\u0301'));
});

test('nobody can be called so that they are taken for somebody else', () => {
  const alike = [
    'аdmin',
    'admіn',
    'αdmin',
    'admin\u034f',
    'admin\ufe0f',
    'ad\u3164min',
    'admin\u200b',
    'ad\u00admin',
  ];
  for (const login of alike) {
    assert.throws(() => checkedLogin(login), { code: 'E_PERSON' }, JSON.stringify(login));
  }
  for (const name of ['\u3164', 'Maria\u034f', 'Maria\u200b'])
    assert.throws(() => checkedName(name), { code: 'E_PERSON' }, JSON.stringify(name));
  for (const login of ['мария', 'μαρία', '田中', 'たなか.t', 'maría'])
    assert.equal(checkedLogin(login), login);
});
