'use client';

import { Button } from '@/components/ui/button';
import { TextArea } from '@/components/ui/field';
import { FormError, Notice } from '@/components/ui/notice';
import { HiddenFields } from '../../../../../hidden-fields';
import { useFormAction } from '../../../../../use-form-action';
import { declareExtensionsAction } from './actions';

/** A form for the attributes that a directory sends besides those of the standard. */
export function ExtensionsForm({ fields, lines }: { fields: Readonly<Record<string, string>>; lines: string }) {
  const { ref, state, submit, isPending } = useFormAction(declareExtensionsAction);
  return (
    <form ref={ref} action={submit} className="grid max-w-3xl gap-4">
      <HiddenFields fields={fields} />
      <TextArea
        name="extensions"
        label="Extension attributes"
        hint="One a line: the URN, a colon, the name, then a type (string, boolean, integer, decimal, dateTime), and “list” for several values."
        placeholder="urn:ietf:params:scim:schemas:extension:acme:2.0:User:badge string"
        defaultValue={state.values?.['extensions'] ?? lines}
        error={state.fieldErrors?.['extensions']}
        isMono
        rows={8}
        spellCheck={false}
      />
      {state.ok && <Notice tone="success">{state.message}</Notice>}
      {!state.ok && state.message && !state.fieldErrors && <FormError>{state.message}</FormError>}
      <div>
        <Button variant="primary" isPending={isPending}>
          Save attributes
        </Button>
      </div>
    </form>
  );
}
