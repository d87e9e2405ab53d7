import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { signedIn } from '../../console/signed-in.ts';
import { clipFolder, ffmpeg, pedestrians, small } from '../../media-clips.ts';
import { needs } from '../../needs.ts';
import { ask, newPerson, newSession } from './house.ts';
import { photograph, until } from './redactions.ts';

const clips = clipFolder();
after(() => clips.remove());
const { house, open } = await signedIn();

/** It would show itself as an element, run, and ask for what is not there. */
const canary = 'tidewater-canary';
const script = `"><img id=${canary} src=x onerror="window.ran=1"><script>window.ran=1</script>`;

function photographWithScript(): string {
  const path = clips.path('yard.jpg');
  copyFileSync(photograph, path);
  const tags = ['ImageDescription', 'Artist', 'UserComment', 'Model', 'XMP:Title', 'IPTC:Caption-Abstract'];
  const written = [...tags, 'Comment'].map((tag) => `-${tag}=${script}`);
  execFileSync('exiftool', ['-q', '-overwrite_original', ...written, path]);
  return path;
}

function clipWithScript(): string {
  const [path, words] = [clips.path('yard.mkv'), clips.path('words.srt')];
  writeFileSync(words, `1\n00:00:00,000 --> 00:00:01,500\n${script}\n`);
  const tags = ['title', 'artist', 'comment', 'encoder'].flatMap((tag) => ['-metadata', `${tag}=${script}`]);
  const tracks = ['-metadata:s:v:0', `title=${script}`, '-metadata:s:s:0', `title=${script}`];
  const maps = [
    '-map',
    '0:v',
    '-map',
    '1:s',
    '-c:s',
    'subrip',
    '-attach',
    words,
    '-metadata:s:t',
    'mimetype=text/html',
  ];
  ffmpeg(...pedestrians, '-i', words, ...maps, ...small, ...tags, ...tracks, path);
  return path;
}

interface Asset {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly mediaType: string;
}

/** What a browser would run, were it given as what it is. */
const pages = {
  'page.html': `<!doctype html><title>x</title><body>${script}`,
  'page.svg': `<svg xmlns="http://www.w3.org/2000/svg" onload="window.ran=1"><script>window.ran=1</script></svg>`,
  'page.xml': `<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">window.ran=1</x:script>`,
  // Its name says one thing and its first bytes another.
  'page.jpg': `<html><script>window.ran=1</script></html>`,
};

describe('script in the name of a file, its tags and its content', () => {
  test('is in nothing that is released, is nowhere markup and never runs', async (t) => {
    if (!needs(t, 'ffmpeg', 'exiftool', 'opencv-doc')) return;
    const officer = await newSession(house, await newPerson(house, [{ site: 'pier', role: 'officer' }]));
    const send = async (path: string, body: unknown, more = {}): Promise<Record<string, string>> => {
      const headers = { ...officer, ...more };
      const { status, text } = await ask(house, { method: 'POST', path: `/api/v1${path}`, body, headers });
      assert.ok(status < 300, text);
      return JSON.parse(text) as Record<string, string>;
    };
    const read = async <T>(path: string): Promise<T> =>
      JSON.parse((await ask(house, { path: `/api/v1${path}`, headers: officer })).text) as T;
    await house.platform.jobs.work();
    const octets = { 'content-type': 'application/octet-stream' };
    const { id: caseId = '' } = await send('/cases', {
      site: 'pier',
      use: 'redaction',
      title: `A yard ${script}`,
    });
    for (const file of [photographWithScript(), clipWithScript()]) {
      assert.ok(readFileSync(file).includes(canary));
      const name = encodeURIComponent(`"><img id=${canary} src=x onerror="window.ran=1">${file.slice(-4)}`);
      const asset = await send(`/cases/${caseId}/assets?name=${name}`, readFileSync(file), octets);
      const { job } = await send('/redaction/jobs', { asset: asset['id'], profile: 'fast' });
      let ended: { state?: string; finishedAt?: string | null } = {};
      await until(async () => {
        ended = await read(`/jobs/${job}`);
        return typeof ended.finishedAt === 'string';
      }, 'the redaction ended');
      assert.equal(ended.state, 'done', JSON.stringify(ended));
      await until(
        async () =>
          ['ready', 'failed'].includes((await read<{ state: string }>(`/assets/${asset['id']}/proxy`)).state),
        'its proxies are made',
      );
    }
    for (const [name, text] of Object.entries(pages))
      await send(`/cases/${caseId}/assets?name=${name}`, Buffer.from(text), octets);
    const { items } = await read<{ items: Asset[] }>(`/cases/${caseId}/assets`);
    assert.ok(items.length >= 12, 'originals, outputs and records');
    for (const { id, name, role } of items.filter((asset) => asset.role !== 'original')) {
      assert.ok(!(await content(id, officer)).includes(canary), `${role} ${name}`);
    }

    const { page, strays } = await open();
    for (const path of ['/cases', `/cases/${caseId}`, '/redaction/reviews', '/']) {
      await page.goto(`${house.url}${path}`);
      await page.waitForLoadState('networkidle');
      assert.equal(await page.locator(`#${canary}`).count(), 0, path);
      assert.equal(await page.evaluate('window.ran'), undefined, path);
      if (path.endsWith(caseId))
        assert.ok((await page.content()).includes(canary), 'its name is shown as text');
    }
    // Who opens the content itself gets a file, or a picture; never a page.
    for (const { id, name } of items.filter((asset) => asset.role === 'original')) {
      const address = `${house.url}/api/v1/assets/${id}/content`;
      await page
        .goto(address)
        .catch((error: unknown) => assert.match(String(error), /Download is starting|ERR_ABORTED/));
      assert.equal(await page.evaluate('window.ran'), undefined, name);
      assert.equal(await page.locator(`#${canary}`).count(), 0, name);
      // Nor as part of a page of ours.
      await page.goto(`${house.url}/cases`);
      await page.evaluate(`(async (src) => {
        for (const tag of ['script', 'iframe', 'object']) {
          const element = document.createElement(tag);
          element.setAttribute(tag === 'object' ? 'data' : 'src', src);
          document.body.append(element);
        }
        await new Promise((over) => setTimeout(over, 300));
      })(${JSON.stringify(address)})`);
      for (const frame of page.frames()) assert.equal(await frame.evaluate('window.ran'), undefined, name);
    }
    assert.deepEqual(strays, []);
  });
});

async function content(id: string, headers: Record<string, string>): Promise<Buffer> {
  const response = await fetch(`${house.url}/api/v1/assets/${id}/content`, { headers });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  assert.doesNotMatch(response.headers.get('content-type') ?? '', /html|svg|xml/);
  return Buffer.from(await response.arrayBuffer());
}
