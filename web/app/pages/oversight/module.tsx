import type { ReactNode } from 'react';
import { useApi, useDo, type Answer } from '../../../kit/api.ts';
import { Button, Form } from '../../../kit/form.tsx';
import { Problem, Waiting } from '../../../kit/problem.tsx';
import { Section } from '../../../kit/page.tsx';
import { t } from '../../../text/en.ts';

const words = t.oversight.training;

/** Lessons, then cases that are answered once, then what was right and why. */
export function Module({ id, onDone }: { readonly id: string; readonly onDone: () => void }): ReactNode {
  const lessons = useApi('getTraining', { params: { module: id } });
  const begin = useDo('openTraining', ['listMyTraining']);
  const answer = useDo('answerTraining', ['listMyTraining']);
  const module = lessons.data;
  if (module === undefined) return <Waiting query={lessons} />;
  const attempt = begin.data;
  if (attempt === undefined)
    return (
      <Section title={module.title}>
        <h3>{words.lessons}</h3>
        {module.lessons.map(({ title, text }) => (
          <article key={title}>
            <h4>{title}</h4>
            {text.map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
          </article>
        ))}
        <Problem error={begin.error} />
        <div className="tw-row">
          <Button kind="plain" onClick={() => begin.mutate({ params: { module: id } })}>
            {words.begin}
          </Button>
          <Button onClick={onDone}>{words.again}</Button>
        </div>
      </Section>
    );
  const graded = answer.data;
  return (
    <Section title={module.title}>
      {graded === undefined ? (
        <p>{words.lead(attempt.needed, attempt.cases.length)}</p>
      ) : (
        <p role="status">
          <strong>{words.score(graded.score, graded.of, graded.passed)}</strong>
        </p>
      )}
      <Form
        send={graded === undefined ? words.answer : words.again}
        className="ov-wide"
        onSend={async (answers) => {
          if (graded === undefined)
            await answer.mutateAsync({ params: { id: attempt.id }, body: { answers } });
          else onDone();
        }}
      >
        {attempt.cases.map((one) => (
          <Case
            key={one.id}
            one={one}
            choices={module.choices}
            graded={graded?.cases.find((done) => done.id === one.id)}
          />
        ))}
      </Form>
    </Section>
  );
}

function Case({
  one: { id, finding, evidence },
  choices,
  graded,
}: {
  readonly one: Answer<'openTraining'>['cases'][number];
  readonly choices: Answer<'getTraining'>['choices'];
  readonly graded: Answer<'answerTraining'>['cases'][number] | undefined;
}): ReactNode {
  const label = (choice: string): string => choices.find((one) => one.id === choice)?.label ?? choice;
  return (
    <fieldset className="usa-fieldset tw-panel">
      <legend className="usa-legend">{finding}</legend>
      <ul>
        {evidence.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {graded === undefined ? (
        choices.map((choice) => (
          <div key={choice.id} className="usa-radio">
            <input
              className="usa-radio__input"
              type="radio"
              name={id}
              id={`${id}-${choice.id}`}
              value={choice.id}
              required
            />
            <label className="usa-radio__label" htmlFor={`${id}-${choice.id}`}>
              {choice.label}
            </label>
          </div>
        ))
      ) : (
        <>
          <p>
            <strong>{graded.given === graded.answer ? words.right : words.wrong}.</strong> {words.given}:{' '}
            {label(graded.given)}. {words.correct}: {label(graded.answer)}.
          </p>
          <p>
            {words.why}: {graded.why}
          </p>
        </>
      )}
    </fieldset>
  );
}
