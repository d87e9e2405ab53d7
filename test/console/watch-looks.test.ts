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
