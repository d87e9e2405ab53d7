import { Readable } from 'node:stream';
import { z } from 'zod';
import { route, type Route } from '../../platform/http/route.ts';
import { holdsRole } from '../../platform/people/roles.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import { idParams } from '../../platform/routes/access.ts';
import { etag, seenVersion } from '../../platform/routes/case-checks.ts';
import { enforcedPolicies } from '../charters/enforced.ts';
import { contentSchema, differences, documentKinds } from '../documents/content.ts';
import { documentDocx } from '../documents/docx.ts';
import { editDocument, namesIn, readVersion, sealDocument, writeDocument } from '../documents/documents.ts';
import { documentPdf } from '../documents/pdf.ts';
import { officeMembers } from '../permits/offices.ts';
import { created, deciding, digest, lower, moment, personOf, seeing, useName } from './shared.ts';

const tag = 'Impact documents';

const documentView = z
  .object({
    id: z.uuid(),
    version: z.int(),
    digest,
    author: z.uuid(),
    at: moment,
    sealedAt: moment.nullable().describe('When this version was signed off.'),
    sealedBy: z.uuid().nullable(),
    content: contentSchema,
  })
  .meta({ id: 'UseDocument' });

const which = z.object({
  version: z.coerce.number().int().min(1).optional().describe('The newest when absent.'),
});
const mediaTypes = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
} as const;

/** The privacy threshold analysis and the AI impact assessment of each use. */
export function documentRoutes(platform: Platform): Route[] {
  const { db, now, settings } = platform;
  return [
    route({
      ...{ method: 'GET', path: '/governance/documents', id: 'listUseDocuments', tag },
      summary: 'Documents of uses, and whether their newest version is signed off',
      access: seeing,
      query: z.object({ use: useName.optional() }),
      answer: z.object({
        items: z.array(
          z.object({
            id: z.uuid(),
            registration: z.uuid(),
            use: z.string(),
            kind: z.enum(documentKinds),
            version: z.int(),
            sealedAt: moment.nullable(),
          }),
        ),
      }),
      handle: async ({ query }) => {
        let wanted = db
          .selectFrom('use_documents as d')
          .innerJoin('governance_registrations as r', 'r.id', 'd.registration_id')
          .select(['d.id', 'd.registration_id', 'r.use', 'd.kind', 'd.version', 'd.sealed_at']);
        if (query.use !== undefined) wanted = wanted.where('r.use', '=', query.use);
        const rows = await wanted.orderBy('r.registered_at', 'desc').orderBy('d.kind').limit(200).execute();
        const items = rows.map(({ registration_id: registration, sealed_at: sealed, ...row }) => ({
          ...{ ...row, registration, sealedAt: sealed?.toISOString() ?? null },
        }));
        return { body: { items } };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/registrations/:id/documents', id: 'writeUseDocument', tag },
      summary: 'Write a document of a version of a use from its charter and from what is on record',
      access: deciding([...officeMembers, 'supervisor']),
      params: idParams,
      body: z.strictObject({ kind: z.enum(documentKinds) }),
      answer: created,
      status: 201,
      handle: async ({ params, body, principal }) => ({
        body: {
          id: await writeDocument(platform, {
            registration: params.id,
            ...body,
            policies: await enforcedPolicies(settings.policies),
            by: personOf(principal),
            now: now(),
          }),
        },
      }),
    }),
    route({
      ...{ method: 'GET', path: '/governance/documents/:id', id: 'getUseDocument', tag },
      summary: 'A document, its newest version or an earlier one',
      access: seeing,
      params: idParams,
      query: which,
      answer: documentView,
      handle: async ({ params, query }) => {
        const row = await readVersion(db, params.id, query.version);
        return {
          headers: { etag: etag(row.version) },
          body: {
            ...{ id: params.id, version: row.version, digest: row.digest, author: row.author_id },
            ...{ at: row.at.toISOString(), sealedAt: row.sealed_at?.toISOString() ?? null },
            ...{ sealedBy: row.sealed_by, content: row.content },
          },
        };
      },
    }),
    route({
      ...{ method: 'PATCH', path: '/governance/documents/:id', id: 'editUseDocument', tag },
      summary: 'Answer questions of a document; a new version comes of it',
      access: deciding([...officeMembers, 'supervisor']),
      params: idParams,
      body: z.strictObject({
        answers: z
          .record(z.string().max(63), z.string().max(8000))
          .describe('By the id of the question; an empty text opens it again.'),
      }),
      answer: z.object({ version: z.int() }),
      handle: async ({ params, body, headers, principal }) => {
        const version = await editDocument(db, {
          ...{ document: params.id, seen: seenVersion(headers['if-match']), answers: body.answers },
          ...{ by: personOf(principal), now: now() },
        });
        return { headers: { etag: etag(version) }, body: { version } };
      },
    }),
    route({
      ...{ method: 'GET', path: '/governance/documents/:id/difference', id: 'compareUseDocument', tag },
      summary: 'What differs between two versions',
      access: seeing,
      params: idParams,
      query: z.object({ from: z.coerce.number().int().min(1), to: z.coerce.number().int().min(1) }),
      answer: z.object({
        items: z.array(
          z.object({ id: z.string(), question: z.string(), before: z.string(), after: z.string() }),
        ),
      }),
      handle: async ({ params, query }) => {
        const [before, after] = [
          await readVersion(db, params.id, query.from),
          await readVersion(db, params.id, query.to),
        ];
        return { body: { items: differences(before.content, after.content) } };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/documents/:id/seal', id: 'sealUseDocument', tag },
      summary: 'Sign the newest version off: the privacy office its analysis, AI governance its assessment',
      access: deciding(['privacy', 'ai-governance']),
      params: idParams,
      status: 204,
      handle: async ({ params, headers, principal }) => {
        const by = personOf(principal);
        const { content } = await readVersion(db, params.id);
        const office = content.kind === 'privacy-threshold-analysis' ? 'privacy' : 'ai-governance';
        if (!holdsRole(principal, [office]))
          throw new TidewaiterError(
            'E_FORBIDDEN',
            'This document is signed off by another office',
            `Ask somebody who holds the role ${office} at every site.`,
          );
        const seen = seenVersion(headers['if-match']);
        await sealDocument(db, { document: params.id, seen, by, now: now() });
        return { body: undefined };
      },
    }),
    route({
      ...{ method: 'GET', path: '/governance/documents/:id/export/:form', id: 'exportUseDocument', tag },
      summary: 'A version as accessible PDF or for Word',
      access: seeing,
      params: z.object({ id: lower, form: z.enum(['pdf', 'docx']) }),
      query: which,
      handle: async ({ params, query }) => {
        const row = await readVersion(db, params.id, query.version);
        const names = await namesIn(db, row);
        const make = params.form === 'pdf' ? documentPdf : documentDocx;
        const name = `${row.content.use}-${row.content.kind}-${row.version}.${params.form}`;
        return {
          headers: {
            'content-type': mediaTypes[params.form],
            'content-disposition': `attachment; filename="${name}"`,
            'x-content-type-options': 'nosniff',
          },
          body: Readable.from([await make(row, names)]),
        };
      },
    }),
  ];
}
