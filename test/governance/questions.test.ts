import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { ask, questionsOf, reply, settle } from '../../src/governance/oversight/questions.ts';
import { signOff } from '../../src/governance/permits/registrations.ts';
import { sequence } from '../../src/platform/ledger/ledger.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { startTestServer } from '../platform/postgres.ts';
import { openOffice } from './permit-office.ts';

const server = await startTestServer();

describe('questions about a version of a use', async () => {
  const { db } = await server.database(wholeSchema);
  const office = await openOffice(db);
  const { people } = office;
  const at = (by: string): { by: string; now: Date } => ({ by, now: office.now() });
  const sign = (registration: string, verdict: 'signed' | 'returned'): Promise<void> =>
    signOff(office, {
      ...{ registration, office: 'privacy', verdict, reason: 'read' },
      ...at(people.privacy),
    });
  const refused = (work: Promise<unknown>, message: RegExp): Promise<void> =>
    assert.rejects(work, { code: 'E_GOVERNANCE', message });

  test('an office asks, who wrote it and who may put one forward answer, and it signs when that is enough', async () => {
    const registration = await office.registered('lanes');
    const question = await ask(db, {
      ...{ registration, office: 'privacy', said: 'How long are pictures kept?' },
      ...at(people.privacy),
    });
    await reply(db, { question, said: 'For one day.', ...at(people.author) });
    await reply(db, { question, said: 'And where?', ...at(people.privacy) });
    await reply(db, { question, said: 'In the vault of the site.', ...at(people.caio) });
    const [thread] = await questionsOf(db, registration);
    assert.deepEqual(
      [thread?.id, thread?.office, thread?.settledAt, thread?.settledBy],
      [question, 'privacy', null, null],
    );
    assert.deepEqual(
      thread?.words.map(({ side, role, person, said }) => [side, role, person, said]),
      [
        ['asks', 'privacy', people.privacy, 'How long are pictures kept?'],
        ['answers', 'author', people.author, 'For one day.'],
        ['asks', 'privacy', people.privacy, 'And where?'],
        ['answers', 'ai-governance', people.caio, 'In the vault of the site.'],
      ],
    );
    assert.ok(thread.words.every((word) => Math.abs(Date.parse(word.at) - Date.now()) < 60_000));

    // It may return the version over it, and not sign; the question of one office does not hold another one up.
    await refused(sign(registration, 'signed'), /a question of this office is open/);
    await sign(registration, 'returned');
    await signOff(office, {
      ...{ registration, office: 'civil-rights', verdict: 'signed', reason: 'read' },
      ...at(people['civil-rights']),
    });
    await refused(settle(db, { question, ...at(people.caio) }), /only the office that asked/);
    await settle(db, { question, ...at(people.privacy) });
    await refused(settle(db, { question, ...at(people.privacy) }), /set once/);
    await refused(reply(db, { question, said: 'One more thing.', ...at(people.author) }), /is settled/);
    await sign(registration, 'signed');
  });

  test('nobody asks for another office or about their own work, answers from outside, or answers themselves', async () => {
    const registration = await office.registered('gates');
    const asks = (name: 'privacy' | 'caio', by: string): Promise<string> =>
      ask(db, { registration, office: name, said: 'What is it for?', ...at(by) });
    await refused(asks('privacy', people.caio), /only a member of the office/);
    await refused(asks('privacy', people.officer), /only a member of the office/);
    await db
      .insertInto('grants')
      .values({ person_id: people.author, site: '*', role: 'ai-governance', granted_at: new Date() })
      .execute();
    await refused(asks('caio', people.author), /about their own work/);
    const question = await asks('caio', people.caio);
    await refused(reply(db, { question, said: 'For gates.', ...at(people.officer) }), /may put one forward/);
    await refused(reply(db, { question, said: 'For gates.', ...at(people.privacy) }), /may put one forward/);
    await reply(db, { question, said: 'For gates.', ...at(people.author) });
    // The author is of the office that asked, and still does not settle what they answered.
    await refused(settle(db, { question, ...at(people.author) }), /nobody their own answer/);
    const unknown = { code: 'E_GOVERNANCE_UNKNOWN' };
    await assert.rejects(reply(db, { question: randomUUID(), said: 'what', ...at(people.caio) }), unknown);
    await assert.rejects(settle(db, { question: randomUUID(), ...at(people.caio) }), unknown);
    await assert.rejects(
      ask(db, { registration: randomUUID(), office: 'caio', said: 'what', ...at(people.caio) }),
      unknown,
    );
    await assert.rejects(questionsOf(db, randomUUID()), unknown);
  });

  test('the database keeps every word, whoever writes to it, and the ledger holds none of the text', async () => {
    const registration = await office.registered('docks');
    const question = await ask(db, {
      ...{ registration, office: 'ocio', said: 'Which machine is it on?' },
      ...at(people.ocio),
    });
    for (const attack of [
      sql`update oversight_words set said = 'nothing was asked'`,
      sql`delete from oversight_words`,
      sql`truncate oversight_words`,
      sql`delete from oversight_questions`,
      sql`update oversight_questions set office = 'privacy' where id = ${question}`,
      sql`update oversight_questions set settled_by = ${people.author}, settled_at = now() where id = ${question}`,
      sql`insert into oversight_words (question_id, side, role, person_id, said, at)
        values (${question}, 'answers', 'supervisor', ${people.officer}, 'On ours.', now())`,
      sql`insert into oversight_words (question_id, side, role, person_id, said, at)
        values (${question}, 'answers', 'admin', ${people.ocio}, 'On ours.', now())`,
      sql`insert into oversight_words (question_id, side, role, person_id, said, at)
        values (${question}, 'asks', 'author', ${people.author}, 'On ours.', now())`,
    ])
      await assert.rejects(attack.execute(db), /keeps what was written|only |nobody /);
    assert.equal((await questionsOf(db, registration))[0]?.words.length, 1);
    await sequence(db);
    const { rows } = await sql<{ text: string }>`
      select event::text as text from ledger where event ->> 'kind' like 'oversight.%'`.execute(db);
    assert.ok(rows.some(({ text }) => text.includes('oversight.answered')));
    assert.ok(rows.some(({ text }) => text.includes('oversight.settled')));
    assert.doesNotMatch(rows.map(({ text }) => text).join(), /machine|pictures|gates\./);
  });
});
