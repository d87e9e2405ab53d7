import type { ReactNode } from 'react';
import { Field } from '../../../../../web/kit/form.tsx';
import { t } from '../../../../../web/text/en.ts';

const words = t.watch.cameras;

/** What opens a camera's stream. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** The fields `user` and `password` of a form; the browser neither fills them nor keeps what is written. */
export function LoginFields({ filled }: { readonly filled?: Login | undefined }): ReactNode {
  return (
    <div className="ww-pair">
      <Field label={words.user} name="user" maxLength={200} autoComplete="off" defaultValue={filled?.user} />
      <Field
        label={words.password}
        name="password"
        type="password"
        maxLength={500}
        autoComplete="new-password"
        defaultValue={filled?.password}
      />
    </div>
  );
}
