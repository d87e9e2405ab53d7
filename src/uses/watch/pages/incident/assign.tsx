import { useState, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, keyOf, useApi, type Answer } from '../../../../../web/kit/api.ts';
import { Choice } from '../../../../../web/kit/form.tsx';
import { Problem } from '../../../../../web/kit/problem.tsx';
import { t } from '../../../../../web/text/en.ts';

/** In whose hands the incident is. */
export function Assign({ incident }: { readonly incident: Answer<'getIncident'> }): ReactNode {
  const { data } = useApi('listColleagues', {});
  const [error, setError] = useState<unknown>();
  const queries = useQueryClient();
  const { id, version, assignedTo, state } = incident;
  const give = async (person: string | null): Promise<void> => {
    setError(undefined);
    try {
      const body = { step: 'assign' as const, person };
      await api.call('stepIncident', { params: { id }, body, ifMatch: `"${version}"` });
    } catch (problem) {
      setError(problem);
    }
    await queries.invalidateQueries({ queryKey: keyOf('getIncident', { params: { id } }) });
  };
  return (
    <div>
      <Choice
        label={t.watch.steps.assign}
        value={assignedTo ?? ''}
        disabled={state === 'closed'}
        onChange={({ currentTarget: { value } }) => void give(value === '' ? null : value)}
        options={[
          ['', t.watch.steps.nobody],
          ...(data?.items ?? [])
            .filter((one) => !one.disabled || one.id === assignedTo)
            .map((one) => [one.id, one.name] as const),
        ]}
      />
      <Problem error={error} />
    </div>
  );
}
