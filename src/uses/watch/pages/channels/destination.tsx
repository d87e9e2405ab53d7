import type { ReactNode } from 'react';
import type { Body } from '../../../../../web/kit/api.ts';
import { Area, Check, Choice, Field, type Values } from '../../../../../web/kit/form.tsx';
import { t } from '../../../../../web/text/en.ts';

const words = t.watch.channels;
export type Kind = keyof typeof words.kinds;
type Destination = Body<'addChannel'>['destination'];

const usualBody =
  '{"source": "{{slot}}", "text": "{{text}}", "severity": "{{severity}}", "link": "{{link}}"}';

/** Where a channel of a kind sends to, as fields of a form. */
export function DestinationFields({ kind }: { readonly kind: Kind }): ReactNode {
  const login = (
    <div className="ww-pair">
      <Field label={words.user} name="user" maxLength={200} autoComplete="off" />
      <Field label={words.password} name="password" type="password" autoComplete="new-password" />
    </div>
  );
  const address = (
    <Field label={words.url} name="url" type="url" pattern="https?://.*" maxLength={2000} required />
  );
  const machine = (port: number): ReactNode => (
    <div className="ww-pair">
      <Field label={words.host} name="host" required maxLength={253} />
      <Field label={words.port} name="port" type="number" min={1} max={65_535} defaultValue={port} required />
    </div>
  );
  switch (kind) {
    case 'webhook':
      return address;
    case 'mqtt':
      return (
        <>
          {machine(8883)}
          <Check label={words.tls} name="tls" defaultChecked />
          {login}
          <Field label={words.prefix} name="prefix" defaultValue="tidewaiter" required maxLength={60} />
        </>
      );
    case 'email':
      return (
        <>
          {machine(587)}
          <Choice label={words.security} name="security" options={Object.entries(words.securities)} />
          {login}
          <Field label={words.mailFrom} name="from" type="email" required />
          <Field label={words.mailTo} hint={words.mailToHint} name="to" type="email" multiple required />
        </>
      );
    case 'cap':
      return (
        <>
          {address}
          <Field label={words.sender} hint={words.senderHint} name="sender" required maxLength={200} />
          {login}
        </>
      );
    case 'vms-http':
      return (
        <>
          {address}
          <Area
            label={words.body}
            hint={words.bodyHint}
            name="body"
            rows={4}
            defaultValue={usualBody}
            required
          />
          <Area label={words.headers} hint={words.headersHint} name="headers" rows={2} />
          {login}
        </>
      );
    case 'onvif-event':
      return (
        <>
          {address}
          {login}
        </>
      );
  }
}

/** What was written in {@link DestinationFields}. */
export function destinationOf(kind: Kind, values: Values): Destination {
  const of = (name: string): string => values[name] ?? '';
  const login = {
    ...(of('user') === '' ? {} : { user: of('user') }),
    ...(of('password') === '' ? {} : { password: of('password') }),
  };
  const url = of('url');
  const machine = { host: of('host'), port: Number(of('port')) };
  switch (kind) {
    case 'webhook':
      return { kind, url };
    case 'mqtt':
      return { kind, ...machine, tls: 'tls' in values, ...login, prefix: of('prefix') };
    case 'email': {
      const security = of('security') as keyof typeof words.securities;
      const to = of('to')
        .split(',')
        .map((one) => one.trim());
      return { kind, ...machine, security, ...login, from: of('from'), to };
    }
    case 'cap':
      return { kind, url, sender: of('sender'), ...login };
    case 'vms-http': {
      const lines = of('headers')
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => {
          const [name = '', ...rest] = line.split(':');
          return [name.trim(), rest.join(':').trim()] as const;
        });
      const template = { format: 'json' as const, body: of('body') };
      return { kind, url, template, headers: Object.fromEntries(lines), ...login };
    }
    case 'onvif-event':
      return { kind, url, ...login };
  }
}

/** Where a channel sends to, in a line. */
export function placeOf(destination: Readonly<Record<string, unknown>>): string {
  const { url, host, port, to, prefix } = destination;
  if (typeof url === 'string') return url;
  const machine = `${String(host)}:${String(port)}`;
  if (Array.isArray(to)) return `${to.join(', ')} (${machine})`;
  return `${machine}/${String(prefix)}`;
}
