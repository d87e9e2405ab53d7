import { test } from 'node:test';
import { checkLooks, watchDesk } from './watch-desk.ts';

const desk = await watchDesk();
const id = await desk.incident();

test('axe finds nothing on pages of operators, nor on 4K on the list and the wall; none is wider than its screen', () =>
  checkLooks(
    desk,
    desk.operator,
    ['alerts', `incidents/${id}`, 'wall', 'plan', 'coverage', 'load', 'handover'],
    ['alerts', 'wall'],
  ));

test('who may see faces finds the evidence package among the steps of the incident', async () => {
  const { page } = await desk.open(desk.supervisor);
  await page.goto(`${desk.house.url}/watch/incidents/${id}`);
  await page.locator('.ww-steps').getByRole('button', { name: 'Download the evidence package' }).click();
  await page.getByRole('dialog').locator('textarea:focus, input:focus').waitFor();
});
