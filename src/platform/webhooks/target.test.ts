import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TidewaiterError } from '../../core/errors.ts';
import { addressCheck, checkTarget, isNetwork } from './target.ts';

const none = addressCheck([]);

test('addresses of this host, of private networks and of clouds are refused', () => {
  const refused = [
    ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['169.254.169.254', '100.64.0.1', '192.0.0.8', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
    ...[
      '::',
      '::1',
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      'fe80::1',
      'fe80::1%eth0',
      'fd00::1',
      'fec0::1',
      'ff02::1',
    ],
    ...['64:ff9b::7f00:1', '2002:7f00:1::', '2001::1', '2001:db8::1', 'localhost', ''],
  ];
  for (const address of refused) assert.equal(none(address), false, address);
  for (const address of ['8.8.8.8', '172.32.0.1', '1.1.1.1', '2606:4700::1111', '2a00:1450::1'])
    assert.equal(none(address), true, address);
});

test('networks of the agency are allowed, and nothing beside them', () => {
  const own = addressCheck(['10.1.2.0/24', 'fd12::/16']);
  for (const address of ['10.1.2.0', '10.1.2.255', 'fd12::1']) assert.equal(own(address), true, address);
  for (const address of ['10.1.3.0', '10.1.1.255', 'fd13::1', '127.0.0.1'])
    assert.equal(own(address), false, address);
  for (const network of ['10.0.0.0/8', '::/0', '1.2.3.4/32']) assert.ok(isNetwork(network), network);
  for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0/8', 'here/8', '::/129', '10.0.0.0/8/8'])
    assert.ok(!isNetwork(text), text);
});

test('targets are refused however their address is written', async () => {
  const urls = [
    ...[
      'http://127.0.0.1/',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://0177.0.0.1/',
      'http://localhost/',
    ],
    ...['https://[::1]/', 'https://[::ffff:10.0.0.1]/', 'http://169.254.169.254/latest/meta-data'],
    ...['https://name:word@1.1.1.1/', 'ftp://1.1.1.1/', 'https://1.1.1.1/#part', 'https://nowhere.invalid/'],
  ];
  for (const url of urls)
    await assert.rejects(
      checkTarget(url, none),
      (error) => error instanceof TidewaiterError && error.code === 'E_WEBHOOK_TARGET',
      url,
    );
  await checkTarget('https://1.1.1.1/hook?x=1', none);
});
