import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ask, codeOf, newPerson, newSession, newThings, openHouse, type Things } from './house.ts';

const house = await openHouse();
const octets = { 'content-type': 'application/octet-stream' };

const neverNames = [
  ...['', '.', '..', '../../etc/passwd', '..\\..\\boot.ini', '/etc/passwd', 'C:\\x', 'a/b', 'a\0.jpg'],
  ...['a\r\nSet-Cookie: x=y', 'a\nb', 'a\u2028b', 'gpj.\u202Eexe', 'a\u200Fb', '\u0007', 'x'.repeat(256)],
];
const oddNames = [
  ...['<script>alert(1)<script>.html', '<svg onload=alert(1)>.svg', '"; filename="x.html', "it's; x=y.jpg"],
  ...[
    '%2e%2e%2fpasswd',
    '&lt;b&gt;.htm',
    'Überwachung №7 – 監視.mp4',
    '\u{1F6A2}.jpg',
    "a' OR '1'='1",
    ' .hidden',
  ],
  ...['CON', 'x;y,z=1.jpg', 'a%00.jpg', '${jndi:ldap:x}.jpg', 'a\u0300b.jpg', '*(test)*.png'],
];

interface Made {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly nameMismatch: boolean;
}

describe('names that mean harm', () => {
  let things: Things;
  let headers: Record<string, string>;

  before(async () => {
    const personId = await newPerson(house, [{ site: 'pier', role: 'officer' }]);
    headers = await newSession(house, personId);
    things = await newThings(house, 'pier', personId);
  });

  const upload = (query: string) =>
    ask(house, {
      method: 'POST',
      path: `/api/v1/cases/${things.caseId}/assets?${query}`,
      body: '<script>alert(1)</script>',
      headers: { ...headers, ...octets },
    });

  test('paths, marks of direction and lines are refused as names of files', async () => {
    for (const name of neverNames) {
      const reply = await upload(`name=${encodeURIComponent(name)}`);
      assert.deepEqual([reply.status, codeOf(reply)], [400, 'E_REQUEST'], JSON.stringify(name));
    }
    for (const query of ['', 'name=a&name=b', 'name[]=a', 'name=%00', 'name=%0d%0a', 'name=..%2f..'])
      assert.equal((await upload(query)).status, 400, query);
  });

  test('markup and quotes come back as data, with a header that cannot be broken out of', async () => {
    for (const name of oddNames) {
      const made = await upload(`name=${encodeURIComponent(name)}`);
      assert.equal(made.status, 201, `${name}: ${made.text}`);
      const { id, name: kept, ...told } = JSON.parse(made.text) as Made;
      assert.equal(kept, name);
      assert.equal(told.mediaType, 'text/html', 'it is what it is, whatever its name says');
      assert.equal(told.nameMismatch, /\.(jpg|png|mp4|svg)$/.test(name));
      assert.match(made.headers.get('content-type') ?? '', /^application\/json/);
      const content = await ask(house, { path: `/api/v1/assets/${id}/content`, headers });
      assert.equal(content.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(content.headers.get('content-type'), 'application/octet-stream');
      assert.match(content.headers.get('content-security-policy') ?? '', /sandbox/);
      const disposition = content.headers.get('content-disposition') ?? '';
      // RFC 8187: nothing but its attr-char and percent signs.
      const [, value] = /^attachment; filename\*=UTF-8''([\w!#$&+.^`|~%-]+)$/.exec(disposition) ?? [];
      assert.ok(value !== undefined, disposition);
      assert.equal(decodeURIComponent(value), name);
    }
  });

  test('what is written into titles and reasons comes back as it was, as JSON', async () => {
    for (const title of [...oddNames, 'a\r\nX-Evil: 1']) {
      const body = { site: 'pier', use: 'redaction', title };
      const reply = await ask(house, { method: 'POST', path: '/api/v1/cases', body, headers });
      assert.equal(reply.status, 201, reply.text);
      assert.equal((JSON.parse(reply.text) as { title: string }).title, title.trim());
      assert.match(reply.headers.get('content-type') ?? '', /^application\/json/);
      assert.equal(reply.headers.get('x-evil'), null);
    }
  });
});
