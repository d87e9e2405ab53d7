import { lazy, Suspense, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { Dialog } from '../../../kit/dialog.tsx';
import { useMay, type Role } from '../../../kit/me.ts';
import { t } from '../../../text/en.ts';

const Parts = lazy(async () => ({ default: (await import('./parts.tsx')).PartsPage }));
const Use = lazy(async () => ({ default: (await import('./use.tsx')).UsePage }));
const Report = lazy(async () => ({ default: (await import('./report-incident.tsx')).ReportIncident }));

/** Who works with a use and who oversees it, with the role at every site. */
const reporters: readonly Role[] = [
  ...(['privacy', 'civil-rights', 'ai-governance', 'admin', 'supervisor'] as const),
  ...(['officer', 'analyst', 'operator', 'investigator'] as const),
];

function Later({ children }: { readonly children: ReactNode }): ReactNode {
  return <Suspense fallback={<p role="status">{t.oversight.loading}</p>}>{children}</Suspense>;
}

/** Oversight is loaded when somebody opens it: nobody else waits for it. */
export function OversightPage(): ReactNode {
  return (
    <Later>
      <Parts />
    </Later>
  );
}

export function OversightUsePage(): ReactNode {
  return (
    <Later>
      <Use />
    </Later>
  );
}

/** Reports an incident from wherever somebody works; not there for those who may not. */
export function ReportFromHere(): ReactNode {
  const may = useMay();
  const [open, setOpen] = useState(false);
  const [reported, setReported] = useState('');
  const words = t.oversight.stops;
  if (!may(reporters)) return undefined;
  return (
    <>
      <button type="button" className="tw-place" onClick={() => setOpen(true)}>
        {words.reportFromHere}
      </button>
      {/* Not in the head of the page, of which a dialog has one itself. */}
      {createPortal(
        <>
          {open && (
            <Suspense>
              <Report onReported={setReported} onClose={() => setOpen(false)} />
            </Suspense>
          )}
          {reported !== '' && (
            <Dialog title={words.report} onClose={() => setReported('')}>
              <p role="status">{reported}</p>
            </Dialog>
          )}
        </>,
        document.body,
      )}
    </>
  );
}
