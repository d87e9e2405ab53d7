import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './browser.ts';
import { person } from '../watch/platform/desk.ts';
import { watchDesk } from './watch-desk.ts';

const desk = await watchDesk();
const { house, camera, picture } = desk;
const { db } = house.platform;
await db.updateTable('sites').set({ time_zone: 'America/Denver' }).where('id', '=', 'quay').execute();
const admin = await person(house, 'admin', '*');
const refusals = async (): Promise<number> => (await db.selectFrom('refusals').select('id').execute()).length;

test('a site without cameras says so on every page and leads to adding one; asking nothing in vain', async () => {
  const { page, strays } = await desk.open(admin);
  const missing: string[] = [];
  page.on('response', (response) => {
    if (response.status() >= 400) missing.push(response.url());
  });
  for (const place of ['alerts', 'wall', 'plan', 'rules', 'arming', 'coverage', 'suppressions']) {
    await page.goto(`${house.url}/watch/${place}?site=quay`);
    await page.getByText('quay has no camera yet.').waitFor();
    assert.equal(await page.getByRole('alert').count(), 0, place);
  }
  await page.goto(`${house.url}/watch/load?site=quay`);
  await page.getByText('No operator hours: nobody took a step.').waitFor();
  await page.goto(`${house.url}/watch/plan?site=quay`);
  await page.getByRole('link', { name: 'Add a camera' }).click();
  await page.getByRole('heading', { name: 'Cameras', level: 1 }).waitFor();
  await page.getByText('No camera yet.').waitFor();
  assert.deepEqual([missing, strays, await refusals()], [[], [], 0]);
});

test('who holds a role everywhere is told what is not there, and that is no refusal; of others it is', async () => {
  assert.equal((await admin.call('GET', '/watch/sites/quay')).status, 404);
  assert.equal(await refusals(), 0);
  assert.equal((await desk.operator.call('GET', '/watch/sites/quay')).status, 404);
  assert.equal(await refusals(), 1);
});

test('a camera is added, tested, changed and removed; what opens it is stored and never shown again', async () => {
  const { page, strays } = await desk.open(admin);
  await page.goto(`${house.url}/watch/cameras?site=quay`);
  await page.getByText('No camera yet.').waitFor();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Add a camera' });
  await dialog.getByLabel('Name').fill('North gate');
  await dialog.getByLabel('Address of the stream').fill('rtsp://viewer:seven%20tides@127.0.0.1:9/main');
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole('button', { name: 'Add a camera' }).click();

  const look = page.getByRole('dialog', { name: 'Test of North gate' });
  const first = await camera.begun();
  assert.deepEqual(first.task.source, {
    ...{ url: 'rtsp://127.0.0.1:9/main', user: 'viewer', password: 'seven tides' },
  });
  assert.equal(first.task.camera.id, 'north-gate');
  const report = { code: 'E_LIVE_PASSWORD', message: 'refused', remedy: 'none' };
  await first.handlers.onState?.({ state: 'lost', since: Date.now(), report });
  await look.getByText('It does not work: it refuses the password.').waitFor();
  assert.deepEqual(await violations(page), []);
  await first.handlers.onState?.({ state: 'live', since: Date.now() });
  await look.getByText('It is connected. Waiting for the first picture.').waitFor();
  await first.handlers.onMasked?.({ ...picture, at: Date.now() });
  await look.getByText('It works: this is its picture, with people covered.').waitFor();
  await look.getByRole('figure').waitFor();
  assert.deepEqual(await violations(page), []);
  await look.getByRole('button', { name: 'Close' }).last().click();

  const row = page.getByRole('row', { name: /North gate/ });
  await row.getByText('Sees').waitFor();
  await row.getByText(/M[SD]T/).waitFor();
  await row.getByText('Stored').waitFor();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  const change = page.getByRole('dialog', { name: 'Change: North gate' });
  assert.equal(await change.getByLabel('User and password').inputValue(), 'keep');
  await change.getByLabel('Address of a smaller stream').fill('rtsp://127.0.0.1:9/sub');
  await change.getByRole('button', { name: 'Change' }).click();
  const second = await camera.begun();
  assert.deepEqual(second.task.detect, {
    ...{ url: 'rtsp://127.0.0.1:9/sub', user: 'viewer', password: 'seven tides' },
  });
  assert.ok(!(await page.content()).includes('seven tides'));
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();

  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  const remove = page.getByRole('dialog', { name: 'Remove: North gate' });
  await remove.getByLabel('Reason').fill('The gate is gone');
  await remove.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('North gate was removed.').waitFor();
  await page.getByText('No camera yet.').waitFor();
  const [kept] = await db
    .selectFrom('watch_cameras')
    .select(['credentials', 'removed_why', 'enabled'])
    .where('site_id', '=', 'quay')
    .execute();
  assert.deepEqual(kept, { credentials: null, removed_why: 'The gate is gone', enabled: false });

  // Its place stays in the site file, and says that nothing is seen there.
  await page.goto(`${house.url}/watch/rules?site=quay`);
  await page.getByText(/north-gate stands in the site file, but no stream was added/).waitFor();
  await page.goto(`${house.url}/watch/plan?site=quay`);
  await page.getByRole('link', { name: 'Add its stream' }).click();
  await dialog.getByLabel('Place in the site file').waitFor();
  // The site file comes after the dialog here; the first field has the focus, not the way out.
  await page.reload();
  await dialog.locator('input[name=name]:focus').waitFor();
  assert.equal(await dialog.getByLabel('Place in the site file').inputValue(), 'north-gate');
  await dialog.getByLabel('Name').fill('North gate again');
  await dialog.getByLabel('Address of the stream').fill('rtsp://127.0.0.1:9/main');
  await dialog.getByRole('button', { name: 'Add a camera' }).click();
  assert.equal((await camera.begun()).task.camera.id, 'north-gate');
  await page.getByRole('dialog', { name: 'Test of North gate again' }).waitFor();
  assert.deepEqual(strays, []);
});

test('the handover of another site tells times of its zone, with its name', async () => {
  const { page } = await desk.open(admin);
  await page.goto(`${house.url}/watch/handover?site=quay`);
  await page.getByText(/quay, .* M[SD]T to .* M[SD]T/).waitFor();
  // An incident is of one site, whichever was chosen.
  await page.getByLabel('Site', { exact: true }).waitFor();
  await page.goto(`${house.url}/watch/incidents/${await desk.incident()}`);
  await page.getByRole('heading', { name: 'Why it was told' }).waitFor();
  assert.equal(
    await page
      .locator('dt', { hasText: /^Site$/ })
      .locator('+ dd')
      .innerText(),
    'pier',
  );
  assert.equal(await page.getByLabel('Site', { exact: true }).count(), 0);
});

test('operators neither see the page nor are led to it', async () => {
  const { page } = await desk.open(desk.operator);
  await page.goto(`${house.url}/watch/cameras`);
  await page.getByText('Supervisors and administrators of the site set up its cameras.').waitFor();
  assert.equal(await page.getByRole('link', { name: 'Cameras', exact: true }).count(), 0);
});
