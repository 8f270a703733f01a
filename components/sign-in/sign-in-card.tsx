import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { FormError } from '@/components/ui/notice';
import { SignInLayout } from './layout';

/** Where a form goes: a server action, or an address for a plain POST. */
export type FormTarget = string | ((data: FormData) => void | Promise<void>);

/** Props of {@link SignInCard}. */
export interface SignInCardProps {
  /** Gets `email` and `password`. */
  action: FormTarget;
  /** Why the last try failed, without saying which of the two was wrong. */
  error?: ReactNode;
  /** What was typed last time. */
  email?: string;
  /** Hidden inputs: `callbackUrl`, `csrfToken`. */
  fields?: Readonly<Record<string, string>>;
  /** Under the card. */
  footer?: ReactNode;
}

/** Sign-in with an email address and a password. Works without script. */
export function SignInCard({ action, error, email, fields = {}, footer }: SignInCardProps) {
  return (
    <SignInLayout title="Sign in" footer={footer}>
      <form action={action} method={typeof action === 'string' ? 'post' : undefined} className="space-y-4">
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <FormError>{error}</FormError>
        <TextField
          label="Email address"
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={email}
          required
          size="large"
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          size="large"
        />
        <Button variant="primary" size="large" className="w-full">
          Sign in
        </Button>
      </form>
    </SignInLayout>
  );
}
