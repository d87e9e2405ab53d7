import { useState, type ReactNode } from 'react';
import type { Person } from '../../../../src/client/index.ts';
import { useApi, useDo } from '../../../kit/api.ts';
import { Dialog } from '../../../kit/dialog.tsx';
import { Button, Choice, Field, Form } from '../../../kit/form.tsx';
import { useSession, type Role, useSiteNames } from '../../../kit/me.ts';
import { Problem, Waiting } from '../../../kit/problem.tsx';
import { Table } from '../../../kit/table.tsx';
import { t } from '../../../text/en.ts';
import { Resets } from './resets.tsx';

const roles = Object.keys(t.people.roles) as Role[];

/** Accounts and their roles. */
export function PeoplePart(): ReactNode {
  const siteOf = useSiteNames();
  const people = useApi('listPeople', {});
  const create = useDo('createPerson', ['listPeople', 'listColleagues']);
  const [adding, setAdding] = useState(false);
  const [chosen, setChosen] = useState<string>();
  const person = people.data?.items.find(({ id }) => id === chosen);
  return (
    <>
      <Button kind="plain" onClick={() => setAdding(true)}>
        {t.people.add}
      </Button>
      <Waiting query={people} />
      <Table
        caption={t.people.title}
        rows={people.data?.items ?? []}
        id={({ id }) => id}
        columns={[
          {
            title: t.people.name,
            by: ({ name }) => name.toLowerCase(),
            show: ({ id, name }) => (
              <Button kind="unstyled" onClick={() => setChosen(id)}>
                {name}
              </Button>
            ),
          },
          { title: t.signIn.login, show: ({ login }) => login, by: ({ login }) => login },
          {
            title: t.people.rolesTitle,
            show: ({ grants }) =>
              grants.length === 0
                ? t.people.noRoles
                : grants
                    .map(({ site, role }) => t.people.roleAt(t.people.roles[role], siteOf(site)))
                    .join('; '),
          },
          { title: t.cases.state, show: ({ disabled }) => (disabled ? t.people.shut : t.people.open) },
        ]}
      />
      {adding && (
        <Dialog title={t.people.add} onClose={() => setAdding(false)}>
          <Form
            send={t.people.add}
            onSend={async ({ name = '', login = '', password = '' }) => {
              const { id } = await create.mutateAsync({ body: { name, login, password } });
              setAdding(false);
              setChosen(id);
            }}
          >
            <Field label={t.people.name} name="name" required autoComplete="off" />
            <Field label={t.signIn.login} name="login" required autoComplete="off" autoCapitalize="none" />
            <Field
              label={t.people.firstPassword}
              hint={t.people.firstPasswordHint}
              name="password"
              type="password"
              required
              autoComplete="new-password"
            />
          </Form>
        </Dialog>
      )}
      {person !== undefined && <Roles person={person} onClose={() => setChosen(undefined)} />}
    </>
  );
}

function Roles({ person, onClose }: { readonly person: Person; readonly onClose: () => void }): ReactNode {
  const refreshed = ['listPeople', 'listColleagues'] as const;
  const grant = useDo('grantRole', refreshed);
  const revoke = useDo('revokeRole', refreshed);
  const disable = useDo('disablePerson', refreshed);
  const enable = useDo('enablePerson', refreshed);
  const sites = useApi('listSites', {});
  const siteOf = useSiteNames();
  const me = useSession().person;
  const params = { id: person.id };
  return (
    <Dialog title={person.name} onClose={onClose} wide>
      <ul className="tw-plain">
        {person.grants.map((one) => (
          <li key={`${one.site} ${one.role}`} className="tw-row tw-line">
            <span>{t.people.roleAt(t.people.roles[one.role], siteOf(one.site))}</span>
            <Button kind="unstyled" onClick={() => revoke.mutate({ params, body: one })}>
              {t.people.take}
            </Button>
          </li>
        ))}
      </ul>
      <Problem error={revoke.error ?? disable.error ?? enable.error} />
      <Form
        className="tw-form--row"
        send={t.people.give}
        onSend={({ role = '', site = '' }) =>
          grant.mutateAsync({ params, body: { role: role as Role, site } })
        }
      >
        <Choice
          label={t.people.role}
          name="role"
          options={roles.map((role) => [role, t.people.roles[role]])}
        />
        <Choice
          label={t.cases.site}
          name="site"
          options={[
            ...(sites.data?.items ?? []).map(({ id, name }) => [id, name] as const),
            ['*', t.people.everywhere],
          ]}
        />
      </Form>
      {person.id !== me?.id && <Resets person={person} />}
      {person.id !== me?.id && (
        <Button
          kind={person.disabled ? 'outline' : 'secondary'}
          onClick={() => (person.disabled ? enable : disable).mutate({ params })}
        >
          {person.disabled ? t.people.enable : t.people.disable}
        </Button>
      )}
    </Dialog>
  );
}
