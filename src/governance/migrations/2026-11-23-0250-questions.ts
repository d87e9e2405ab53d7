import { type Kysely, sql } from 'kysely';
import type { SchemaStep } from '../../platform/store/migrate.ts';

/** Questions of an office about a version of a use, what is said to them, and that no office signs over a question of its own. */
export const questionsStep: SchemaStep = {
  name: '2026-11-23-0250-questions',
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [...tables, ...functions, ...triggers]) await sql.raw(statement).execute(db);
  },
};

const tables = [
  `create table oversight_questions (
    id uuid primary key,
    registration_id uuid not null references governance_registrations,
    office text not null check (office in ('privacy', 'civil-rights', 'ocio', 'caio')),
    asked_at timestamptz not null,
    settled_by uuid references people,
    settled_at timestamptz,
    check ((settled_by is null) = (settled_at is null))
  )`,
  `create index on oversight_questions (registration_id)`,
  `create table oversight_words (
    place bigint generated always as identity primary key,
    question_id uuid not null references oversight_questions,
    side text not null check (side in ('asks', 'answers')),
    role text not null,
    person_id uuid not null references people,
    said text not null check (length(said) between 3 and 4000),
    at timestamptz not null
  )`,
  `create index on oversight_words (question_id)`,
];

const functions = [
  `create function oversight_role_of(office text) returns text language sql immutable as $$
    select case office when 'ocio' then 'admin' when 'caio' then 'ai-governance' else office end
  $$`,
  // An office asks; whoever wrote the version, or may put one forward, answers. Nobody does both in one question.
  `create function oversight_checks_word() returns trigger language plpgsql as $$
    declare question oversight_questions; author uuid;
    begin
      select * into question from oversight_questions where id = new.question_id for update;
      select author_id into author from governance_registrations where id = question.registration_id;
      if question.settled_at is not null then raise exception 'the question is settled'; end if;
      if exists (select 1 from oversight_words w where w.question_id = new.question_id
          and w.person_id = new.person_id and w.side <> new.side) then
        raise exception 'nobody answers a question of their own';
      end if;
      if new.side = 'asks' and (new.person_id = author or new.role <> oversight_role_of(question.office)
          or not governance_holds(new.person_id, new.role)) then
        raise exception 'only a member of the office asks for it, and nobody about their own work';
      end if;
      if new.side = 'answers' and not (case when new.role = 'author' then new.person_id = author
          else new.role in ('supervisor', 'ai-governance', 'admin') and governance_holds(new.person_id, new.role) end) then
        raise exception 'only who wrote the version, or may put one forward, answers';
      end if;
      return new;
    end $$`,
  `create function oversight_checks_settling() returns trigger language plpgsql as $$
    begin
      if not governance_holds(new.settled_by, oversight_role_of(new.office)) or exists (select 1 from oversight_words w
          where w.question_id = new.id and w.person_id = new.settled_by and w.side = 'answers')
        or new.settled_by = (select author_id from governance_registrations where id = new.registration_id) then
        raise exception 'only the office that asked settles a question, and nobody their own answer';
      end if;
      return new;
    end $$`,
  // Signing locks the registration for update, which a row that refers to it waits for: no question comes in between.
  `create function oversight_checks_sign_off() returns trigger language plpgsql as $$
    begin
      if new.verdict = 'signed' and exists (select 1 from oversight_questions q where q.settled_at is null
          and q.registration_id = new.registration_id and q.office = new.office) then
        raise exception 'a question of this office is open';
      end if;
      return new;
    end $$`,
];

const triggers = [
  `create trigger oversight_questions_fills_once before update on oversight_questions for each row execute function
    governance_fills_once('settled_by', 'settled_at')`,
  `create trigger oversight_questions_settling before update on oversight_questions for each row execute function
    oversight_checks_settling()`,
  `create trigger oversight_questions_keeps before delete or truncate on oversight_questions
    for each statement execute function governance_keeps()`,
  `create trigger oversight_words_check before insert on oversight_words for each row execute function
    oversight_checks_word()`,
  `create trigger oversight_words_keeps before update or delete or truncate on oversight_words
    for each statement execute function governance_keeps()`,
  // Behind governance_sign_offs_check, which locks the registration: triggers fire in the order of their names.
  `create trigger governance_sign_offs_questions before insert on governance_sign_offs for each row execute function
    oversight_checks_sign_off()`,
];
