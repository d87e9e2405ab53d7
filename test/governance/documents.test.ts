import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { sha256 } from '../../src/core/digest.ts';
import { charter } from '../../src/uses/watch/charter.ts';
import type { Role } from '../../src/platform/people/roles.ts';
import { recordTest } from '../../src/governance/permits/evidence.ts';
import { ask, codeOf, newPerson, newSession, openHouse, type Reply } from '../platform/attack/house.ts';
import { needs } from '../needs.ts';

const house = await openHouse();
const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-documents-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Person {
  readonly id: string;
  readonly headers: Record<string, string>;
}

async function person(role: Role): Promise<Person> {
  const id = await newPerson(house, [{ site: '*', role }]);
  return { id, headers: await newSession(house, id) };
}

const call = (
  method: string,
  path: string,
  by: Person,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> =>
  ask(house, {
    ...{ method, path: `/api/v1${path}`, headers: { ...by.headers, ...headers } },
    ...(body === undefined ? {} : { body }),
  });
const json = <T>({ text, status }: Reply, wanted = 200): T => {
  assert.equal(status, wanted, text);
  return JSON.parse(text) as T;
};

interface Shown {
  readonly version: number;
  readonly digest: string;
  readonly sealedAt: string | null;
  readonly content: {
    readonly title: string;
    readonly answers: {
      readonly id: string;
      readonly question: string;
      readonly text: string;
      readonly source: { readonly from: string; readonly by?: string };
    }[];
    readonly tables: { readonly title: string; readonly columns: string[]; readonly rows: string[][] }[];
  };
}

let [author, privacy, second, caio, officer]: Person[] = [];
const documents: Record<string, string> = {};
const at = (kind: string): string => `/governance/documents/${documents[kind]!}`;
const shown = async (kind: string): Promise<Shown> => json<Shown>(await call('GET', at(kind), officer!));

async function exported(kind: string, form: 'pdf' | 'docx'): Promise<string> {
  const reply = await fetch(`${house.url}/api/v1${at(kind)}/export/${form}`, { headers: officer!.headers });
  assert.equal(reply.status, 200);
  const path = join(folder, `${kind}.${form}`);
  writeFileSync(path, Buffer.from(await reply.arrayBuffer()));
  return path;
}

before(async () => {
  [author, privacy, second, caio, officer] = [
    await person('supervisor'),
    await person('privacy'),
    await person('privacy'),
    await person('ai-governance'),
    await person('officer'),
  ];
  const models = [{ id: 'coco-ssdlite', digest: 'ab'.repeat(32), threshold: [0.2, 0.8] }];
  const { id } = json<{ id: string }>(
    await call('POST', '/governance/registrations', author, { charter, purposes: ['after-hours'], models }),
    201,
  );
  for (const kind of ['privacy-threshold-analysis', 'ai-impact-assessment']) {
    const path = `/governance/registrations/${id}/documents`;
    assert.equal(codeOf(await call('POST', path, officer, { kind })), 'E_FORBIDDEN');
    documents[kind] = json<{ id: string }>(await call('POST', path, author, { kind }), 201).id;
    assert.equal(codeOf(await call('POST', path, author, { kind })), 'E_EXISTS');
  }
});

describe('documents of a use', () => {
  test('are written from the charter, and say of each answer where it is from', async () => {
    const analysis = await shown('privacy-threshold-analysis');
    const of = (id: string): Shown['content']['answers'][number] =>
      analysis.content.answers.find((one) => one.id === id)!;
    assert.ok(of('purpose').text.startsWith(charter.purpose));
    assert.equal(of('purpose').source.from, 'charter');
    assert.match(of('pii').text, /^Yes: camera_pictures/);
    assert.equal(of('access').source.from, 'platform');
    assert.deepEqual([of('ssn').text, of('ssn').source.from], ['', 'open']);
    const assessment = await shown('ai-impact-assessment');
    const crosswalk = assessment.content.tables.find(({ title }) => title.startsWith('Provisions'))!;
    assert.ok(crosswalk.rows.length > 8);
    assert.ok(crosswalk.rows.some(([name]) => name?.startsWith('m-25-21')));
    assert.match(assessment.content.answers.find(({ id }) => id === 'lacks')!.text, /sign-off privacy/);
  });

  test('say of tests what permits go by: the newest of each model of this version', async () => {
    const digests = ['cd', 'ef'].map((pair) => pair.repeat(32));
    const tested = (modelDigest: string, days: number, ends: number): Promise<{ id: string }> =>
      recordTest(house.platform, {
        ...{ use: charter.use, kind: 'recall', modelDigest, reportDigest: sha256(`${days}`), passed: true },
        testedAt: new Date(Date.now() - days * 86_400_000),
        expires: new Date(Date.now() + ends * 86_400_000),
        ...{ by: caio!.id, now: new Date() },
      });
    await tested(digests[0]!, 30, 10);
    await tested(digests[0]!, 2, 90);
    await tested(digests[1]!, 2, 5);
    const { id } = json<{ id: string }>(
      await call('POST', '/governance/registrations', author!, {
        charter: { ...charter, revision: charter.revision + 1 },
        purposes: ['after-hours'],
        models: [{ id: 'coco-ssdlite', digest: digests[0], threshold: [0.2, 0.8] }],
      }),
      201,
    );
    const kind = 'ai-impact-assessment';
    const made = await call('POST', `/governance/registrations/${id}/documents`, author!, { kind });
    const { content } = json<Shown>(
      await call('GET', `/governance/documents/${json<{ id: string }>(made, 201).id}`, officer!),
    );
    const ends = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
    assert.match(
      content.answers.find((one) => one.id === 'retest')!.text,
      new RegExp(`first ends on ${ends}`),
    );
    const { rows } = content.tables.find(({ title }) => title === 'Tests on record')!;
    assert.deepEqual(
      rows.map(([, model]) => model),
      ['coco-ssdlite', 'coco-ssdlite'],
    );
    assert.match(content.answers.find((one) => one.id === 'class')!.text, /^(Yes|No|Presumed)/);
    const provisions = content.tables.find(({ title }) => title.startsWith('Provisions'))!;
    assert.ok(
      provisions.rows.some(([, status, by]) => status === 'not applicable' && /^applies to: /.test(by!)),
    );
  });

  test('are edited on what was seen, version by version, each answer by who wrote it', async () => {
    const kind = 'privacy-threshold-analysis';
    const edit = (by: Person, answers: object, seen?: string): Promise<Reply> =>
      call('PATCH', at(kind), by, { answers }, seen === undefined ? {} : { 'if-match': seen });
    assert.equal(codeOf(await edit(privacy!, { ssn: 'No.' })), 'E_MATCH_REQUIRED');
    assert.equal(codeOf(await edit(officer!, { ssn: 'No.' }, '"1"')), 'E_FORBIDDEN');
    assert.equal(codeOf(await edit(privacy!, { nothing: 'No.' }, '"1"')), 'E_DOCUMENT');
    assert.equal(json<{ version: number }>(await edit(privacy!, { ssn: 'No.' }, '"1"')).version, 2);
    assert.equal(codeOf(await edit(author!, { ssn: 'Yes.' }, '"1"')), 'E_CHANGED');
    const now = await shown(kind);
    const ssn = now.content.answers.find(({ id }) => id === 'ssn')!;
    assert.deepEqual([ssn.source.from, ssn.source.by], ['person', privacy!.id]);
    const { items } = json<{ items: { id: string; before: string; after: string }[] }>(
      await call('GET', `${at(kind)}/difference?from=1&to=2`, officer!),
    );
    assert.deepEqual(
      items.map(({ id, before: was, after: is }) => [id, was, is]),
      [['ssn', '', 'No.']],
    );
    assert.equal(codeOf(await call('GET', `${at(kind)}?version=7`, officer!)), 'E_GOVERNANCE_UNKNOWN');
  });

  test('are signed off whole, by the right office, by somebody else than who wrote them; the digest is in the ledger', async () => {
    const kind = 'privacy-threshold-analysis';
    const seal = (by: Person, version: number): Promise<Reply> =>
      call('POST', `${at(kind)}/seal`, by, undefined, { 'if-match': `"${version}"` });
    assert.equal(codeOf(await seal(second!, 2)), 'E_DOCUMENT', 'questions are open');
    const open = (await shown(kind)).content.answers.filter(({ source }) => source.from === 'open');
    const answers = Object.fromEntries(
      open.map(({ id }) => [id, 'As the office found <on paper> & "in talks".']),
    );
    json(await call('PATCH', at(kind), privacy!, { answers }, { 'if-match': '"2"' }));
    assert.equal(codeOf(await seal(caio!, 3)), 'E_FORBIDDEN');
    assert.equal(codeOf(await seal(privacy!, 3)), 'E_DOCUMENT', 'own work');
    assert.equal(codeOf(await seal(second!, 2)), 'E_CHANGED');
    assert.equal((await seal(second!, 3)).status, 204);
    assert.equal(codeOf(await seal(second!, 3)), 'E_DOCUMENT', 'once');
    const sealed = await shown(kind);
    assert.ok(sealed.sealedAt !== null);
    const events = await house.platform.db.selectFrom('ledger_outbox').select('event').execute();
    const ledger = await house.platform.db.selectFrom('ledger').select('event').execute();
    const kept = JSON.stringify([...events, ...ledger]);
    assert.ok(kept.includes('governance.document-sealed') && kept.includes(sealed.digest));
    await assert.rejects(
      sql`update use_document_versions set sealed_by = null, sealed_at = null where document_id = ${documents[kind]!}`.execute(
        house.platform.db,
      ),
      /keeps what was written/,
    );
  });

  for (const kind of ['privacy-threshold-analysis', 'ai-impact-assessment'])
    test(`${kind} is an accessible PDF with all that the document holds`, async (t) => {
      if (!needs(t, 'pdfinfo', 'pdftotext')) return;
      const path = await exported(kind, 'pdf');
      const { content } = await shown(kind);
      const info = execFileSync('pdfinfo', [path], { encoding: 'utf8' });
      assert.match(info, /Tagged: +yes/);
      assert.ok(info.includes(content.title.slice(0, 40)));
      const words = (text: string): string => text.replaceAll(/\s+/g, '');
      const text = words(execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }));
      const raw = words(execFileSync('pdftotext', ['-raw', path, '-'], { encoding: 'utf8' }));
      for (const { question } of content.answers) assert.ok(raw.includes(words(question)), question);
      for (const { title } of content.tables) assert.ok(text.includes(words(title)), title);
      const tree = execFileSync('pdfinfo', ['-struct', path], { encoding: 'utf8' });
      assert.equal(tree.match(/^ *H3/gm)?.length, content.answers.length + content.tables.length);
      assert.ok((tree.match(/^ *TH/gm)?.length ?? 0) > 8);
    });

  for (const kind of ['privacy-threshold-analysis', 'ai-impact-assessment'])
    test(`${kind} is a Word file whose headings, tables and language other software reads`, async (t) => {
      if (!needs(t, 'python3-docx')) return;
      const path = await exported(kind, 'docx');
      const { content } = await shown(kind);
      const script = `
import docx, json, sys
d = docx.Document(sys.argv[1])
rows = lambda t: [[c.text for c in r.cells] for r in t.rows]
print(json.dumps({
  'title': d.core_properties.title,
  'headings': [[p.style.name, p.text] for p in d.paragraphs if p.style.name.startswith(('Heading', 'Title'))],
  'text': [p.text for p in d.paragraphs],
  'tables': [rows(t) for t in d.tables],
  'header': [t.rows[0]._tr.trPr is not None and t.rows[0]._tr.trPr.find('{http://schemas.openxmlformats.org/wordprocessingml/2006/main}tblHeader') is not None for t in d.tables],
  'language': d.styles.element.xml.count('w:val="en-US"')}))`;
      const read = JSON.parse(
        execFileSync('/usr/bin/python3', ['-c', script, path], { encoding: 'utf8' }),
      ) as {
        title: string;
        headings: [string, string][];
        text: string[];
        tables: string[][][];
        header: boolean[];
        language: number;
      };
      assert.equal(read.title, content.title);
      assert.ok(read.language > 0);
      for (const { question } of content.answers)
        assert.ok(
          read.headings.some(([style, text]) => style === 'Heading 2' && text === question),
          question,
        );
      assert.deepEqual(
        read.tables.slice(1),
        content.tables.map(({ columns, rows }) => [columns, ...rows]),
      );
      assert.ok(read.header.every(Boolean));
      for (const { text } of content.answers)
        for (const line of text.split('\n')) assert.ok(line === '' || read.text.includes(line), line);
      assert.match(execFileSync('unzip', ['-t', path], { encoding: 'utf8' }), /No errors detected/);
    });
});
