import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addWorkingDays, federalHolidays } from './working-days.ts';

describe('working days', () => {
  // As the Office of Personnel Management lists them for these years.
  test('federal holidays are those that are observed', () => {
    assert.deepEqual(federalHolidays(2026), [
      ...['2026-01-01', '2026-01-19', '2026-02-16', '2026-05-25', '2026-06-19', '2026-07-03'],
      ...['2026-09-07', '2026-10-12', '2026-11-11', '2026-11-26', '2026-12-25'],
    ]);
    assert.deepEqual(federalHolidays(2021), [
      ...['2021-01-01', '2021-01-18', '2021-02-15', '2021-05-31', '2021-06-18', '2021-07-05'],
      ...['2021-09-06', '2021-10-11', '2021-11-11', '2021-11-25', '2021-12-24', '2021-12-31'],
    ]);
  });

  test('twenty working days leave out weekends, holidays and the day of receipt', () => {
    assert.equal(addWorkingDays('2026-03-02', 20), '2026-03-30');
    assert.equal(addWorkingDays('2026-11-06', 20), '2026-12-08');
    assert.equal(addWorkingDays('2021-12-23', 5), '2022-01-03');
    assert.equal(addWorkingDays('2026-11-22', 0), '2026-11-22');
  });
});
