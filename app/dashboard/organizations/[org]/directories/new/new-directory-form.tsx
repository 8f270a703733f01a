'use client';

import { Button } from '@/components/ui/button';
import { FieldError, TextField } from '@/components/ui/field';
import { LinkButton } from '@/components/ui/link-button';
import { FormError } from '@/components/ui/notice';
import { HiddenFields } from '../../../../hidden-fields';
import { useFormAction } from '../../../../use-form-action';
import { createDirectoryAction } from '../actions';

/** A provider as the form offers it. */
export interface ProviderChoice {
  readonly id: string;
  readonly name: string;
  /** Why it cannot be chosen yet. */
  readonly unavailable?: string;
}

/** Props of {@link NewDirectoryForm}. */
export interface NewDirectoryFormProps {
  organizationId: string;
  providers: readonly ProviderChoice[];
  cancelHref: string;
}

/** Asks which provider the customer has. */
export function NewDirectoryForm({ organizationId, providers, cancelHref }: NewDirectoryFormProps) {
  const { ref, state, submit } = useFormAction(createDirectoryAction);
  const error = state.fieldErrors?.['provider'];
  return (
    <form ref={ref} action={submit} noValidate className="max-w-2xl space-y-5">
      <HiddenFields fields={{ organization_id: organizationId }} />
      <FormError>{state.message}</FormError>
      <fieldset aria-describedby={error ? 'provider-error' : undefined}>
        <legend className="mb-1.5 font-medium">Identity provider</legend>
        <div className="grid gap-2 sm:grid-cols-2">
          {providers.map((provider) => (
            <label
              key={provider.id}
              className="flex min-h-11 items-center gap-3 rounded-lg border border-line px-3 py-2 hover:bg-hover has-checked:border-accent-ink has-checked:bg-accent-wash has-disabled:bg-sunken has-disabled:text-ink-faint has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-ink"
            >
              <input
                type="radio"
                name="provider"
                value={provider.id}
                defaultChecked={state.values?.['provider'] === provider.id}
                disabled={provider.unavailable !== undefined}
                data-invalid={error ? '' : undefined}
                className="size-4 shrink-0 accent-(--accent-ink) outline-none"
              />
              <span className="min-w-0">
                <span className="block font-medium">{provider.name}</span>
                {provider.unavailable && <span className="block text-sm text-ink-soft">{provider.unavailable}</span>}
              </span>
            </label>
          ))}
        </div>
        {error && <FieldError id="provider-error">{error}</FieldError>}
      </fieldset>
      <TextField
        label="Name"
        hint="For your own eyes. The provider’s name is used if you leave it empty."
        name="name"
        defaultValue={state.values?.['name']}
        error={state.fieldErrors?.['name']}
        isOptional
        autoComplete="off"
      />
      <div className="flex flex-wrap gap-2 pt-1">
        <Button variant="primary">Connect directory</Button>
        <LinkButton href={cancelHref} variant="quiet">
          Cancel
        </LinkButton>
      </div>
    </form>
  );
}
