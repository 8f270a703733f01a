'use client';

import type { MadeWebhookSecret } from '../../actions';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/field';
import { FormError } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import { SECRET_OVERLAP_HOURS, SECRET_OVERLAP_HOURS_MAX } from '@/lib/domain/webhook/types';
import { HiddenFields } from '../../../../hidden-fields';
import { useFormAction } from '../../../../use-form-action';
import { rotateSecretAction } from '../../actions';
import { MadeSecret } from '../../made-secret';

const OVERLAPS = [
  { value: '0', label: 'Not at all: it leaked' },
  { value: '1', label: 'For 1 hour' },
  { value: String(SECRET_OVERLAP_HOURS), label: `For ${SECRET_OVERLAP_HOURS} hours` },
  { value: String(SECRET_OVERLAP_HOURS_MAX), label: `For ${SECRET_OVERLAP_HOURS_MAX / 24} days` },
];

function overlapNote({ previousUntil }: MadeWebhookSecret) {
  if (previousUntil === undefined) return 'The secret before is not used any more.';
  return (
    <>
      Deliveries are signed with both secrets, until <RelativeTime at={previousUntil} />. Give your application the new
      one before then.
    </>
  );
}

/** Replaces the secret, and shows the new one at the only moment when it can be read. */
export function RotateSecretForm({ fields }: { fields: Readonly<Record<string, string>> }) {
  const { ref, state, submit } = useFormAction<MadeWebhookSecret>(rotateSecretAction);
  return (
    <div className="max-w-2xl space-y-4">
      <form ref={ref} action={submit} className="space-y-3">
        <HiddenFields fields={fields} />
        <FormError>{state.message}</FormError>
        <div className="flex max-w-lg flex-wrap items-end gap-2">
          <div className="min-w-0 flex-[1_1_14rem]">
            <Select
              label="The present secret stays valid"
              name="overlap_hours"
              options={OVERLAPS}
              defaultValue={state.values?.['overlap_hours'] ?? String(SECRET_OVERLAP_HOURS)}
              error={state.fieldErrors?.['overlap_hours']}
            />
          </div>
          <Button>Rotate secret</Button>
        </div>
      </form>
      {state.data && (
        <MadeSecret title="Secret rotated" plainSecret={state.data.plainSecret} note={overlapNote(state.data)} />
      )}
    </div>
  );
}
