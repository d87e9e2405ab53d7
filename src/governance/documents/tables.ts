import type { ColumnType, JSONColumnType } from 'kysely';
import type { DocumentContent, DocumentKind } from './content.ts';

type Later<T> = ColumnType<T | null, never, T>;

/** A document about a version of a use; its newest version is the one that is edited. */
export interface UseDocumentsTable {
  readonly id: string;
  readonly registration_id: string;
  readonly kind: DocumentKind;
  version: number;
  sealed_at: ColumnType<Date | null, never, Date | null>;
}

export interface UseDocumentVersionsTable {
  readonly document_id: string;
  readonly version: number;
  readonly content: JSONColumnType<DocumentContent>;
  /** SHA-256 of the content's canonical JSON. */
  readonly digest: string;
  readonly author_id: string;
  readonly at: Date;
  sealed_by: Later<string>;
  sealed_at: Later<Date>;
}

declare module '../../platform/store/tables.ts' {
  interface Tables {
    use_documents: UseDocumentsTable;
    use_document_versions: UseDocumentVersionsTable;
  }
}
