'use client';

import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { LinkButton } from '@/components/ui/link-button';
import { FormError, Notice } from '@/components/ui/notice';
import { HiddenFields } from '../../../../hidden-fields';
import { useFormAction } from '../../../../use-form-action';
import { replayRangeAction } from '../../actions';

// A result that appears is read out.
const AS_STATUS = { role: 'status' } as const;

/** Asks for a range of time, in UTC, and replays it. */
export function ReplayRangeForm({
  fields,
  from,
  to,
  cancelHref,
}: {
  fields: Readonly<Record<string, string>>;
  from: string;
  to: string;
  cancelHref: string;
}) {
  const { ref, state, submit } = useFormAction(replayRangeAction);
  const errors = state.fieldErrors ?? {};
  return (
    <form ref={ref} action={submit} noValidate className="space-y-4">
      <HiddenFields fields={fields} />
      {state.ok ? <Notice {...AS_STATUS}>{state.message}</Notice> : <FormError>{state.message}</FormError>}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="From (UTC)"
          name="from"
          type="datetime-local"
          defaultValue={state.values?.['from'] ?? from}
          error={errors['from']}
          required
        />
        <TextField
          label="To (UTC)"
          name="to"
          type="datetime-local"
          defaultValue={state.values?.['to'] ?? to}
          error={errors['to']}
          required
        />
      </div>
      <div className="flex flex-wrap gap-2">
        <Button variant="primary">Replay range</Button>
        <LinkButton href={cancelHref} variant="quiet">
          Cancel
        </LinkButton>
      </div>
    </form>
  );
}
