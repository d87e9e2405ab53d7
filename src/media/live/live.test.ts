import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { holdsSecret, openableUrl, parseLiveAddress, shownAddress, withoutSecrets } from './address.ts';
import { BackOff } from './back-off.ts';
import { StreamClock } from './clock.ts';
import { Newest } from './newest.ts';

describe('addresses of cameras', () => {
  test('credentials are taken out, and put back encoded for the one who opens it', () => {
    const address = parseLiveAddress('rtsp://guard:p%40ss%3Aword@10.0.0.7:8554/stream?channel=1');
    assert.deepEqual(address, {
      url: 'rtsp://10.0.0.7:8554/stream?channel=1',
      user: 'guard',
      password: 'p@ss:word',
    });
    assert.equal(openableUrl(address), 'rtsp://guard:p%40ss%3Aword@10.0.0.7:8554/stream?channel=1');
    assert.equal(shownAddress(address), 'rtsp://10.0.0.7:8554/stream', 'a query may hold a password');
  });

  test('a camera that wants its password in the query gets it when it is opened, encoded', () => {
    const text = 'rtsp://camera/live?user={user}&password={password}&channel=1';
    const address = parseLiveAddress(text, { user: 'guard', password: 'p&ss=#1' });
    assert.equal(address.url, text);
    assert.equal(openableUrl(address), 'rtsp://camera/live?user=guard&password=p%26ss%3D%231&channel=1');
    const stream = { url: 'rtsp://camera/{password}', user: 'guard', password: 'secret' };
    assert.equal(openableUrl(stream), 'rtsp://guard:secret@camera/{password}', 'a path is what it is');
  });

  test('a password in a query is known, whatever it is called, and left out', () => {
    for (const name of ['password', 'PWD', 'passwd', 'pw', 'token'])
      for (const url of [
        `rtsp://c/x?${name}=tides`,
        `http://c/x?a=1&${name}=ti%64es&b=2`,
        `rtsp://c/x?a;${name}=t`,
      ]) {
        assert.equal(holdsSecret(url), true, url);
        assert.doesNotMatch(withoutSecrets(url), /=t/, url);
        assert.equal(holdsSecret(withoutSecrets(url)), false, url);
      }
    for (const url of [
      'rtsp://c/password=x',
      'rtsp://c/x?channel=1&subtype=0',
      'http://c/?password={password}',
    ])
      assert.deepEqual([holdsSecret(url), withoutSecrets(url)], [false, url]);
    assert.equal(holdsSecret('rtsp://guard@c/'), true);
  });

  test('credentials of the address win over the given ones', () => {
    const given = { user: 'other', password: 'secret' };
    assert.equal(parseLiveAddress('http://guard@camera/video', given).user, 'guard');
    assert.equal(parseLiveAddress('http://camera/video', given).password, 'secret');
  });

  test('anything but a camera is refused without being repeated', () => {
    for (const text of [
      'file:///etc/passwd',
      'concat:a|secret',
      'rtsp://',
      'secret',
      '',
      'rtsp://a:secret%@camera/',
    ]) {
      assert.throws(
        () => parseLiveAddress(text),
        (error: Error & { code?: string }) =>
          error.code === 'E_LIVE_ADDRESS' && !error.message.includes('secret'),
      );
    }
  });
});

describe('the clock of a stream', () => {
  test('stamps give the distances: packets that come late are late, not later', () => {
    const clock = new StreamClock();
    clock.place(100, 5000);
    assert.ok(Math.abs(clock.place(100.1, 5100).time - 0.1) < 1e-9);
    const late = clock.place(100.2, 5700);
    assert.ok(Math.abs(late.time - 0.2) < 0.002 && Math.abs(late.late - 0.5) < 0.002);
    assert.ok(Math.abs(clock.place(100.7, 5750).late - 0.05) < 0.002);
  });

  test('a clock that jumps back or ahead, and a new connection, go on from now', () => {
    const clock = new StreamClock();
    clock.place(5000, 0);
    assert.ok(Math.abs(clock.place(3, 100).time - 0.1) < 1e-9);
    assert.ok(Math.abs(clock.place(9000, 200).time - 0.2) < 1e-9);
    clock.restart();
    assert.equal(clock.place(9000.1, 4000).time, 4);
  });

  test('without stamps, arrivals count', () => {
    const clock = new StreamClock();
    assert.equal(clock.place(undefined, 1000).time, 0);
    assert.deepEqual(clock.place(undefined, 1500), { time: 0.5, late: 0 });
  });
});

test('tries follow each other more and more slowly, those with a wrong password most slowly', () => {
  const backOff = new BackOff(() => 0.5);
  const waits = Array.from({ length: 6 }, () => backOff.next('E_LIVE_UNREACHABLE'));
  assert.deepEqual(waits, [0.25, 0.5, 1, 2, 3, 3]);
  assert.equal(backOff.next('E_LIVE_FORMAT'), 10);
  assert.equal(backOff.next('E_LIVE_PASSWORD'), 30);
  assert.equal(backOff.next('E_LIVE_CHANGED'), 0);
  backOff.reset();
  assert.equal(backOff.next('E_LIVE_ENDED'), 0.25);
});

test('the newest wins; what is given up is counted; what failed is told after it', async () => {
  const gone: number[] = [];
  const newest = new Newest<number>((item) => gone.push(item));
  newest.put(1);
  newest.put(2);
  newest.put(3);
  newest.fail(new Error('ended'));
  assert.equal(await newest.take(), 3);
  assert.deepEqual([gone, newest.dropped], [[1, 2], 2]);
  await assert.rejects(newest.take(), /ended/);
});
