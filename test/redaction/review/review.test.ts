import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { clipped, type PixelBox } from '../../../src/core/box.ts';
import { sha256 } from '../../../src/core/digest.ts';
import type {
  LoggedRedactionEdit,
  RedactionDifference,
  RedactionDoubt,
  RedactionRelease,
  RedactionReview,
} from '../../../src/client/index.ts';
import type { RedactionPlan, Region } from '../../../src/uses/redaction/plan.ts';
import { parsePlan } from '../../../src/uses/redaction/plan.ts';
import type { RedactionRecord } from '../../../src/uses/redaction/record/schema.ts';
import { applyEdits } from '../../../src/uses/redaction/review/apply.ts';
import type { ReviewBase } from '../../../src/uses/redaction/review/base.ts';
import type { Edit, Operation } from '../../../src/uses/redaction/review/edit.ts';
import { rebase } from '../../../src/uses/redaction/review/rebase.ts';
import { chainFileName } from '../../../src/uses/redaction/record/seal.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from '../../platform/serving.ts';
import { clipFile, groupPhoto, workplace } from '../clips.ts';
import { frameTimes } from '../../media-clips.ts';
import { difference as pixelDifference, greyFrames, toneOf } from '../pixels.ts';
import { succeeds } from '../program.ts';
import { lastingFaces, middle, placeOf } from '../regions.ts';
import { bringIn, openOffice, settled, type Person } from './office.ts';

const data = newDataFolder();
const place = workplace();
let serving: Serving;
let office: Awaited<ReturnType<typeof openOffice>>;
let clip = '';

before(async () => {
  // Nine frames: each costs a look of all models, twice.
  const scene = groupPhoto({ seconds: 0.6 });
  serving = await startServing(data);
  office = await openOffice(serving);
  clip = await clipFile(await scene, place.path('yard.mp4'));
});
after(async () => {
  await serving.stop();
  removeDataFolder(data);
  place.remove();
});

const edit = (operation: Operation): Edit => ({ id: randomUUID(), do: operation });

test('a clip goes from its analysis through two reviewers and a second person to two releases', async () => {
  const { one, two, chief } = office;
  const { caseId, assetId } = await bringIn(one, clip, 'yard%20at%20noon.mp4');
  const asked = { asset: assetId, profile: 'public-release', reasons: 'foia-us' };
  const { id } = await one.call<RedactionReview>('POST', '/redaction/reviews', asked, 202);
  const path = `/redaction/reviews/${id}`;
  const review = await settled(() => one.get<RedactionReview>(path), ['analysing']);
  assert.equal(review.state, 'open');

  // What was seen is kept, and what is proposed can be had at once.
  const response = await one.client.raw('GET', `${path}/base`);
  const base = (await response.json()) as ReviewBase;
  const etag = response.headers.get('etag') ?? '';
  assert.equal(response.headers.get('content-encoding'), 'gzip');
  const again = await one.client.raw('GET', `${path}/base`, { headers: { 'if-none-match': etag } });
  assert.equal(again.status, 304);
  const faces = lastingFaces(base.plan);
  const [shown, hidden] = [faces[0]!, faces[1]!];
  const day = 86_400_000;
  const span = [-day, day].map((ms) => new Date(Date.now() + ms).toISOString());
  const seen = await one.get<{ items: { track: string | null; text: string | null }[] }>(
    `/observations?asset=${assetId}&from=${span[0]}&to=${span[1]}&limit=500`,
  );
  assert.ok(seen.items.some(({ track }) => track === shown.id));
  assert.ok(
    seen.items.every(({ text }) => text === null),
    'no text that was read is kept',
  );

  // Two people edit at once: what does not meet is put on top, what does is named.
  const send = (person: Person, revision: number, edits: readonly Edit[], status = 201) =>
    person.call<{ revision: number; edits: LoggedRedactionEdit[] }>(
      ...(['POST', `${path}/edits`, { revision, edits }, status] as const),
    );
  const keep = edit({ op: 'mark', regions: [shown.id], redact: false });
  await send(one, 0, [keep]);
  assert.deepEqual(
    (await send(one, 0, [keep], 200)).edits.map((done) => done.id),
    [keep.id],
    'sent twice, done once',
  );
  const corner = {
    class: 'box',
    start: 0,
    end: 0.5,
    keyframes: [[0, 8, 8, 60, 40]] as [number, number, number, number, number][],
  };
  const mine = [
    edit({ op: 'add', region: 'corner', ...corner }),
    edit({ op: 'mark', regions: [shown.id], redact: true }),
  ];
  const clash = await send(two, 0, mine, 409);
  const theirs = clash.edits as unknown as Edit[];
  const { edits: mended, conflicts } = rebase(base, [], theirs, mine);
  assert.deepEqual(
    conflicts.map((conflict) => [conflict.edit.id, conflict.with?.id, conflict.what]),
    [[mine[1]!.id, keep.id, `region:${shown.id}:redact`]],
  );
  assert.equal((await send(two, clash.revision, mended)).revision, 2);
  const outside = edit({ op: 'keyframe', region: 'corner', at: 0.2, box: [-500, 0, 20, 20] });
  const refused = await one.client.call('POST', `${path}/edits`, { revision: 2, edits: [outside] });
  assert.deepEqual([refused.status, refused.body['code']], [422, 'E_EDIT_PLACE']);

  // Others hear of it.
  const listener = new AbortController();
  const events = await two.client.raw('GET', `${path}/events?after=1`, { signal: listener.signal });
  const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader();
  let told = '';
  await settled(
    async () => ({
      state: (told += (await reader.read()).value ?? '').includes('event: presence') ? 'told' : '',
    }),
    [''],
  );
  assert.match(told, new RegExp(`id: 2\nevent: edit\ndata: .*"${mended[0]!.id}"`));

  // Doubts come with their reasons, and are settled by people.
  const doubts = await one.get<{ items: RedactionDoubt[] }>(`${path}/doubts`);
  const verdicts = doubts.items
    .slice(0, 3)
    .map(({ id: doubt }) => edit({ op: 'doubt', doubt, verdict: 'fine' }));
  const court = edit({
    ...{ op: 'release', release: 'court', title: 'For the court' },
    choices: [
      { op: 'class', class: 'face', redact: false },
      { op: 'mark', regions: [hidden.id], redact: true, reason: '(b)(7)(C)' },
    ],
  });
  const forAll = edit({ op: 'release', release: 'public', title: 'For everybody', choices: [] });
  const { revision } = await send(one, 2, [...verdicts, court, forAll]);
  const settledOnes = await one.get<{ items: RedactionDoubt[] }>(`${path}/doubts`);
  assert.equal(settledOnes.items.filter(({ verdict }) => verdict === 'fine').length, verdicts.length);
  assert.equal(
    (
      await one.client.call('POST', `${path}/edits`, {
        revision,
        edits: [edit({ op: 'doubt', doubt: 'no:such:1', verdict: 'fine' })],
      })
    ).status,
    422,
  );

  // Nobody approves their own work.
  const early = await one.client.call('POST', `${path}/releases`, { release: 'public', revision });
  assert.equal(early.body['code'], 'E_REVIEW_STATE');
  const waiting = await one.call<RedactionReview>('POST', `${path}/submit`, { revision }, 200);
  assert.equal(waiting.state, 'waiting-for-approval');
  const reason = 'all of it was looked at';
  assert.equal((await two.client.call('POST', `${path}/approve`, { revision, reason })).status, 403);
  await chief.call('POST', `${path}/return`, { reason: 'look at the corner again' }, 200);
  const dot = edit({ op: 'span', region: 'corner', end: 0.4 });
  const last = await send(two, revision, [dot]);
  await two.call('POST', `${path}/submit`, { revision: last.revision }, 200);
  const stale = await chief.client.call('POST', `${path}/approve`, { revision, reason });
  assert.equal(stale.body['code'], 'E_REVIEW_CHANGED');
  const approved = await chief.call<RedactionReview>(
    'POST',
    `${path}/approve`,
    { revision: last.revision, reason },
    200,
  );
  assert.equal(approved.state, 'approved');
  const finding = await chief.get<{ decisions: { disposition: string }[] }>(`/findings/${approved.finding}`);
  assert.deepEqual(
    finding.decisions.map(({ disposition }) => disposition),
    ['approved'],
  );

  // Two releases, rendered as shown.
  const render = (release: string) =>
    one.call<RedactionRelease>('POST', `${path}/releases`, { release, revision: last.revision }, 202);
  const started = [await render('public'), await render('court')];
  const releases: RedactionRelease[] = [];
  for (const release of started)
    releases.push(
      await settled(() => one.get<RedactionRelease>(`/redaction/releases/${release.id}`), ['rendering']),
    );
  const log = (await one.get<{ edits: LoggedRedactionEdit[] }>(`${path}/edits`)).edits as unknown as Edit[];
  const source = greyFrames(clip);
  for (const release of releases) {
    assert.ok(release.state === 'done' || release.state === 'needs-review', release.state);
    const folder = place.path(release.name);
    mkdirSync(folder);
    const files = await one.get<{ items: { id: string; name: string }[] }>(`/cases/${caseId}/assets`);
    for (const [what, asset] of Object.entries(release.files!)) {
      const name = files.items.find((file) => file.id === asset)!.name;
      writeFileSync(`${folder}/${what === 'chain' ? chainFileName : name}`, await one.content(asset));
    }
    const plan = parsePlan((await one.content(release.files!['plan'])).toString());
    assert.equal(sha256(await one.content(release.files!['plan'])), release.plan);
    assert.deepEqual(plan, applyEdits(base, log, release.name), 'the browser would have shown the same');
    const record = JSON.parse((await one.content(release.files!['record'])).toString()) as RedactionRecord;
    assert.equal(record.plan.sha256, release.plan);
    const stem = `yard_at_noon.${release.name}`;
    assert.equal(record.output.file, `${stem}.redacted.mp4`);
    checkPixels(plan, source, greyFrames(`${folder}/${stem}.redacted.mp4`));
    const keys = await one.get<{ items: { pem: string }[] }>('/redaction/record-keys');
    writeFileSync(`${folder}.pem`, keys.items[0]!.pem);
    const verified = await succeeds('verify', folder, '--key', `${folder}.pem`);
    assert.match(verified.stdout, /1 intact, 0 altered, 0 unsealed/);
  }
  const [first, second] = releases;
  const differs = await one.get<RedactionDifference>(
    `/redaction/releases/${first!.id}/difference?with=${second!.id}`,
  );
  const of = (region: Region) => differs.regions.find(({ id: name }) => name === region.id);
  assert.deepEqual(of(hidden), {
    id: hidden.id,
    class: 'face',
    covered: 'both',
    reason: ['(b)(6)', '(b)(7)(C)'],
  });
  assert.equal(of(shown), undefined);
  assert.equal(of(faces[2]!)?.covered, 'one');
  assert.equal((await one.get<RedactionReview>(path)).state, 'released');
  listener.abort();
});

/** Every region that the plan covers is black where nothing else changes it, and what it leaves visible is as it was. */
function checkPixels(
  plan: RedactionPlan,
  source: ReturnType<typeof greyFrames>,
  output: ReturnType<typeof greyFrames>,
): void {
  assert.equal(output.count, source.count);
  const covered = plan.regions.filter(({ redact }) => redact);
  const times = frameTimes(clip).map(Number);
  let [black, clear] = [0, 0];
  for (let index = 0; index < output.count; index++) {
    const time = times[index]!;
    const masks = covered
      .filter(({ start, end }) => time >= start - 1e-4 && time <= end + 1e-4)
      .map((region) => placeOf(region, time));
    for (const region of plan.regions.filter(({ class: name }) => name === 'face' || name === 'box')) {
      const isThere = time >= region.start - 1e-4 && time <= region.end + 1e-4;
      // What is left of it at the edge of the picture may be too little to tell.
      const mask = clipped(placeOf(region, isThere ? time : region.start), output);
      if (mask.width < 24 || mask.height < 24) continue;
      const box = middle(mask);
      const isUnder = masks.some(
        (other) =>
          box.x < other.x + other.width + 8 &&
          other.x < box.x + box.width + 8 &&
          box.y < other.y + other.height + 8 &&
          other.y < box.y + box.height + 8,
      );
      if (region.redact && isThere) {
        const darkest = Math.min(...bands(mask).map((band) => toneOf(output, index, band, 1).mean));
        assert.ok(darkest < 24, `${region.id} in frame ${index}: ${darkest}`);
        black++;
      } else if (!isUnder) {
        const changed = pixelDifference(source, output, index, box, 1);
        assert.ok(changed < 12, `${region.id} in frame ${index}: ${changed}`);
        clear++;
      }
    }
  }
  assert.ok(black > 0 && clear > 0, `${black} covered and ${clear} visible places were looked at`);
}

/** The upper and the lower part of a mask: the code of the reason stands in the middle of one of those that meet there. */
function bands({ x, y, width, height }: PixelBox): PixelBox[] {
  const band = { x: x + width / 10, width: (width * 8) / 10, height: height / 4 };
  return [
    { ...band, y: y + height / 20 },
    { ...band, y: y + (height * 7) / 10 },
  ];
}
