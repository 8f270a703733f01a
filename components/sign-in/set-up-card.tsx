import type { FormTarget } from './sign-in-card';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { FormError } from '@/components/ui/notice';
import { SignInLayout } from './layout';

/** Props of {@link SetUpCard}. */
export interface SetUpCardProps {
  /** Gets `name`, `email`, `password` and `passwordAgain`. */
  action: FormTarget;
  /** What is wrong with the form as a whole. */
  error?: ReactNode;
  /** What is wrong with single fields. */
  fieldErrors?: Partial<Record<'name' | 'email' | 'password' | 'passwordAgain', ReactNode>>;
  /** What was typed last time. */
  values?: { name?: string; email?: string };
  /** Hidden inputs: the one-time token. */
  fields?: Readonly<Record<string, string>>;
  /** The shortest password that is accepted, in characters. */
  passwordMinLength?: number;
  /** Default: the words for the first operator. */
  title?: ReactNode;
  description?: ReactNode;
  submitLabel?: string;
  /** An invitation fixes the address. */
  isEmailFixed?: boolean;
}

/** Makes an account: the first operator from the set-up URL, or someone who was invited. Works without script. */
export function SetUpCard({
  action,
  error,
  fieldErrors = {},
  values = {},
  fields = {},
  passwordMinLength = 12,
  title = 'Set up Gatehouse',
  description = 'Create the first operator. You can invite others later.',
  submitLabel = 'Create operator',
  isEmailFixed = false,
}: SetUpCardProps) {
  return (
    <SignInLayout title={title} description={description}>
      <form action={action} method={typeof action === 'string' ? 'post' : undefined} className="space-y-4">
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <FormError>{error}</FormError>
        <TextField
          label="Name"
          name="name"
          autoComplete="name"
          defaultValue={values.name}
          error={fieldErrors.name}
          required
          size="large"
        />
        <TextField
          label="Email address"
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={values.email}
          readOnly={isEmailFixed}
          error={fieldErrors.email}
          required
          size="large"
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          hint={`At least ${passwordMinLength} characters. A few random words work well.`}
          minLength={passwordMinLength}
          error={fieldErrors.password}
          required
          size="large"
        />
        <TextField
          label="Password again"
          name="passwordAgain"
          type="password"
          autoComplete="new-password"
          error={fieldErrors.passwordAgain}
          required
          size="large"
        />
        <Button variant="primary" size="large" className="w-full">
          {submitLabel}
        </Button>
      </form>
    </SignInLayout>
  );
}
