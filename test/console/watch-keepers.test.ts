import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLooks, watchDesk } from './watch-desk.ts';

const desk = await watchDesk();

test('axe finds nothing on pages of supervisors; none is wider than its screen', () =>
  checkLooks(
    desk,
    desk.supervisor,
    ['arming', 'rules', 'suppressions', 'recordings', 'channels', 'test-clips'],
    ['rules'],
  ));

test('operators are neither led to channels and test clips nor shown them', async () => {
  const { page } = await desk.open(desk.operator);
  await page.goto(`${desk.house.url}/watch/channels`);
  await page.getByText('Supervisors and administrators see and set where alerts are sent.').waitFor();
  const nav = page.getByRole('navigation', { name: 'Watch' });
  assert.equal(await nav.getByRole('link', { name: 'Recordings' }).count(), 1);
  for (const name of ['Channels', 'Test clips'])
    assert.equal(await nav.getByRole('link', { name }).count(), 0, name);
  await page.goto(`${desk.house.url}/watch/test-clips`);
  await page.getByText('Supervisors plan and read tests.').waitFor();
});
