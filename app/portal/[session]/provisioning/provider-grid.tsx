'use client';

import { ChevronRight } from 'lucide-react';
import { useActionState } from 'react';
import { ProviderTile } from '@/components/portal/provider-tile';
import { FormError } from '@/components/ui/notice';
import type { FormState } from '@/lib/adapters/portal/action';
import type { ProviderId, ProviderMark } from '@/lib/providers/provider';

/** One provider to choose. */
export interface ProviderChoice {
  readonly id: ProviderId;
  readonly name: string;
  readonly mark: ProviderMark;
  /** Why it cannot be chosen. */
  readonly unavailable?: string;
  /** Whether a directory with it is being set up: choosing it goes on there. */
  readonly isBegun: boolean;
}

const FRAME = 'flex min-h-14 w-full items-center gap-3 rounded-lg border px-3 py-2.5 text-left';

/** The providers as buttons of one form: it works without script. */
export function ProviderGrid({
  providers,
  action,
}: {
  providers: readonly ProviderChoice[];
  action: (state: FormState, form: FormData) => Promise<FormState>;
}) {
  const [state, submit, isPending] = useActionState(action, {});
  return (
    <form action={submit} aria-busy={isPending} className="space-y-4">
      <FormError>{state.error}</FormError>
      <ul className="grid gap-2 sm:grid-cols-2">
        {providers.map((provider) => (
          <li key={provider.id} className="flex">
            {provider.unavailable ? (
              <div className={`${FRAME} border-dashed border-line-strong`}>
                <ProviderTile mark={provider.mark} isMuted />
                <span className="min-w-0">
                  <span className="block text-ink-soft">{provider.name}</span>
                  <span className="block text-sm text-ink-faint">{provider.unavailable}</span>
                </span>
              </div>
            ) : (
              <button
                name="provider"
                value={provider.id}
                aria-disabled={isPending}
                onClick={(event) => isPending && event.preventDefault()}
                className={`${FRAME} group border-line-strong bg-surface shadow-control transition-colors duration-100 hover:bg-hover`}
              >
                <ProviderTile mark={provider.mark} />
                <span className="min-w-0 flex-1">
                  <span className="block font-medium">{provider.name}</span>
                  {provider.isBegun && <span className="block text-sm text-ink-soft">Continue where you left off</span>}
                </span>
                <ChevronRight size={16} aria-hidden="true" className="shrink-0 text-ink-faint group-hover:text-ink" />
              </button>
            )}
          </li>
        ))}
      </ul>
    </form>
  );
}
