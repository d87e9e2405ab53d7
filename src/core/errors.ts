/**
 * The one error class people see. `code` can be searched in docs/errors.md, the message says what is wrong, `remedy`
 * what to do about it. Anything else that reaches the top is a defect of ours and is shown as `E_INTERNAL`.
 */
export class TidewaiterError extends Error {
  readonly code: string;
  readonly remedy: string;

  /** @param code upper case, starts with `E_`. @param remedy one sentence in the imperative. */
  constructor(code: string, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TidewaiterError';
    this.code = code;
    this.remedy = remedy;
  }
}

/** An error as plain data, for IPC, JSON lines and records. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export function toErrorReport(error: unknown): ErrorReport {
  if (error instanceof TidewaiterError) {
    return { code: error.code, message: error.message, remedy: error.remedy };
  }
  const system = systemCode(error);
  if (system === 'ENOSPC' || system === 'EDQUOT')
    return { code: 'E_NO_SPACE', message: 'The disk is full', remedy: 'Free some space, and run again.' };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'E_INTERNAL', message, remedy: 'Please report this with the command you ran.' };
}

export function fromErrorReport(report: ErrorReport): TidewaiterError {
  return new TidewaiterError(report.code, report.message, report.remedy);
}

/** One line: `E_CODE: what is wrong. What to do.` */
export function formatError(report: ErrorReport): string {
  const sentence = /[.!?]$/.test(report.message) ? report.message : `${report.message}.`;
  return `${report.code}: ${sentence} ${report.remedy}`.replaceAll(/\s+/g, ' ').trim();
}

/** The `code` of a Node system error (`ENOENT`, `ENOSPC`, ...), or undefined. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
