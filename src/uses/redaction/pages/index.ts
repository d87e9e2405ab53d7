import type { UsePages } from '../../../../web/kit/use-pages.ts';
import { t } from '../../../../web/text/en.ts';
import { reviewFinding } from '../review/base.ts';
import { LazyStudio } from './lazy-studio.tsx';
import { RedactionActions, ReviewEvidence } from './start-review.tsx';
import { ReviewsOfCase, ReviewsPage } from './reviews.tsx';

/** What redaction adds to the console. */
export const redactionPages: UsePages = {
  use: 'redaction',
  title: t.redaction.title,
  AssetActions: RedactionActions,
  CaseWork: ReviewsOfCase,
  ownFindings: [reviewFinding],
  Evidence: ReviewEvidence,
  place: { path: 'reviews', key: 'r' },
  pages: [
    { path: 'reviews', Page: ReviewsPage },
    { path: 'reviews/$id', Page: LazyStudio },
  ],
};
