import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceOf } from './device.ts';

test('a browser is named in words that its owner knows', () => {
  const of = (rest: string): string => deviceOf(`Mozilla/5.0 ${rest}`);
  const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
  assert.equal(
    of(`(Windows NT 10.0; Win64; x64) ${webkit} Chrome/142.0.0.0 Safari/537.36 Edg/142.0`),
    'Edge on Windows',
  );
  assert.equal(of(`(X11; Linux x86_64) ${webkit} HeadlessChrome/142.0.0.0 Safari/537.36`), 'Chrome on Linux');
  assert.equal(
    of('(Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0'),
    'Firefox on macOS',
  );
  assert.equal(
    of(
      '(iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
    ),
    'Safari on iOS',
  );
  assert.equal(deviceOf('curl/8.5.0'), 'curl');
  assert.equal(deviceOf('<script>'), 'unknown');
  assert.equal(deviceOf(undefined), 'unknown');
});
