import type { ErrorReport } from '../core/errors.ts';

/** What the parent tells a child. */
export type ToChild =
  | { readonly type: 'start'; readonly params: unknown }
  | { readonly type: 'cancel' }
  /** Something that is otherwise than it was at the start. */
  | { readonly type: 'update'; readonly update: unknown }
  /** The receiver has dealt with the delivery of this number. */
  | { readonly type: 'handled'; readonly delivery: number };

/** What a child tells its parent. Nothing comes after `result` or `error`. */
export type ToParent =
  | { readonly type: 'message'; readonly message: unknown; readonly delivery?: number }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'error'; readonly error: ErrorReport };
