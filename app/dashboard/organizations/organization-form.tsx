'use client';

import type { FormAction } from '@/lib/adapters/action';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { LinkButton } from '@/components/ui/link-button';
import { FormError } from '@/components/ui/notice';
import { ORGANIZATION_LIMITS } from '@/lib/domain/organization/types';
import { HiddenFields } from '../hidden-fields';
import { useFormAction } from '../use-form-action';
import { MetadataFields } from './metadata-fields';

/** Props of {@link OrganizationForm}. */
export interface OrganizationFormProps {
  action: FormAction<never>;
  /** What the fields hold at first, by the names of the inputs. */
  initial?: Readonly<Record<string, string>>;
  /** Sent along. */
  fields?: Readonly<Record<string, string>>;
  submitLabel: string;
  cancelHref: string;
  /** Whether the number of users can be limited here. */
  hasSeatLimit?: boolean;
}

/** The fields of an organization, for a new one and for one that is edited. */
export function OrganizationForm({
  action,
  initial = {},
  fields = {},
  submitLabel,
  cancelHref,
  hasSeatLimit = false,
}: OrganizationFormProps) {
  const { ref, state, submit } = useFormAction(action);
  const values = state.values ?? initial;
  const errors = state.fieldErrors ?? {};
  return (
    <form ref={ref} action={submit} noValidate className="max-w-xl space-y-5">
      <HiddenFields fields={fields} />
      <FormError>{state.message}</FormError>
      <TextField
        label="Name"
        name="display_name"
        defaultValue={values['display_name']}
        error={errors['display_name']}
        required
        maxLength={ORGANIZATION_LIMITS.displayName}
        autoComplete="off"
      />
      <TextField
        label="External id"
        hint="What your application calls this customer, such as its id in your database."
        name="external_id"
        defaultValue={values['external_id']}
        error={errors['external_id']}
        isOptional
        isMono
        autoComplete="off"
        spellCheck={false}
      />
      <TextField
        label="Slug"
        hint="Small letters, digits and hyphens, such as acme-emea."
        name="slug"
        defaultValue={values['slug']}
        error={errors['slug']}
        isOptional
        isMono
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
      />
      <TextField
        label="Logo URL"
        hint="An https address of the customer’s own logo."
        name="logo_url"
        type="url"
        inputMode="url"
        defaultValue={values['logo_url']}
        error={errors['logo_url']}
        isOptional
        isMono
        autoComplete="off"
        spellCheck={false}
      />
      {hasSeatLimit && (
        <TextField
          label="Seat limit"
          hint="How many users this customer may have. Empty for no limit; fewer than there are takes nobody away."
          name="max_allowed_users"
          inputMode="numeric"
          defaultValue={values['max_allowed_users']}
          error={errors['max_allowed_users']}
          isOptional
          autoComplete="off"
        />
      )}
      <MetadataFields values={values} />
      <div className="flex flex-wrap gap-2 pt-1">
        <Button variant="primary">{submitLabel}</Button>
        <LinkButton href={cancelHref} variant="quiet">
          Cancel
        </LinkButton>
      </div>
    </form>
  );
}
