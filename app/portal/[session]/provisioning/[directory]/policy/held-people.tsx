'use client';

import type { HeldPerson } from '@/lib/domain/deprovisioning/types';
import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { buttonClassName } from '@/components/ui/button-style';
import { FormError } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import { DoneMessage } from '@/components/ui/toast';
import { HOLD_TITLES } from '@/lib/domain/deprovisioning/types';
import type { PolicyState } from './actions';

/** Who is held back, with what can be decided about them where the visitor may decide. Works without script. */
export function HeldPeople({
  action,
  people,
  total,
  canDecide,
}: {
  action: (state: PolicyState, form: FormData) => Promise<PolicyState>;
  people: readonly HeldPerson[];
  /** All who are held back. */
  total: number;
  canDecide: boolean;
}) {
  const [state, submit] = useActionState(action, {});
  const hasWords = Boolean(state.error ?? state.done);
  return (
    <form action={submit}>
      {/* Always in the page, so that what was done is read out when it appears. */}
      <div className={hasWords ? 'space-y-3 border-b border-line p-4' : 'sr-only'}>
        <FormError>{state.error}</FormError>
        <DoneMessage>{state.done}</DoneMessage>
      </div>
      {people.length === 0 && <p className="p-4 text-ink-soft">Nobody is held back.</p>}
      <ul className="divide-y divide-line">
        {people.map((person) => (
          <li key={person.userId} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            <div className="min-w-0 flex-[1_1_14rem]">
              <p className="font-medium wrap-anywhere">{person.name || person.email || person.userId}</p>
              <p className="text-sm text-ink-soft wrap-anywhere">
                {person.email && <span className="block">{person.email}</span>}
                {HOLD_TITLES[person.reason]}, since <RelativeTime at={person.since} />
                {person.releaseAt && (
                  <>
                    ; goes out <RelativeTime at={person.releaseAt} />
                  </>
                )}
              </p>
            </div>
            {canDecide && person.reason !== 'seat' && (
              <div className="flex flex-wrap gap-2">
                <Button name="decision" value={`restore:${person.userId}`} aria-label={`Restore ${person.name}`}>
                  Restore
                </Button>
                <Button name="decision" value={`release:${person.userId}`} aria-label={`Release ${person.name}`}>
                  Release
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {people.length < total && (
        <p className="border-t border-line px-4 py-3 text-sm text-ink-soft">
          The first {people.length} of {total.toLocaleString('en')}.
        </p>
      )}
      {canDecide && people.length > 1 && (
        <div className="space-y-3 border-t border-line p-4">
          <details>
            <summary className={buttonClassName('secondary', 'large', 'cursor-pointer list-none')}>
              Decide about all of them…
            </summary>
            <div className="mt-4 space-y-3">
              <p className="text-ink-soft">
                Restoring makes everyone active again. Releasing tells the application that they left, which takes their
                access away and cannot be undone for all at once.
              </p>
              <div className="flex flex-wrap gap-2">
                <Button name="decision" value="restore" variant="primary" size="large">
                  Restore all
                </Button>
                <Button name="decision" value="release" variant="danger" size="large">
                  Release all
                </Button>
              </div>
            </div>
          </details>
        </div>
      )}
    </form>
  );
}
