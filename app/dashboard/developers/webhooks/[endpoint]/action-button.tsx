'use client';

import type { FormAction } from '@/lib/adapters/action';
import type { ButtonSize, ButtonVariant } from '@/components/ui/button-style';
import { Button } from '@/components/ui/button';
import { FormError } from '@/components/ui/notice';
import { DoneMessage } from '@/components/ui/toast';
import { HiddenFields } from '../../../hidden-fields';
import { useFormAction } from '../../../use-form-action';

/** Props of {@link ActionButton}. */
export interface ActionButtonProps<Data> {
  action: FormAction<Data>;
  fields: Readonly<Record<string, string>>;
  label: string;
  variant?: ButtonVariant;
  size?: ButtonSize;
}

/** A button that acts at once: for what can be done again or undone. Says beside itself what was done, or why not. */
export function ActionButton<Data>({
  action,
  fields,
  label,
  variant = 'secondary',
  size = 'medium',
}: ActionButtonProps<Data>) {
  const { state, submit } = useFormAction(action);
  return (
    <form action={submit} className="flex flex-wrap items-center gap-2">
      <HiddenFields fields={fields} />
      {state.ok ? <DoneMessage>{state.message}</DoneMessage> : <FormError>{state.message}</FormError>}
      <Button variant={variant} size={size}>
        {label}
      </Button>
    </form>
  );
}
