'use client';

import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { buttonClassName } from '@/components/ui/button-style';
import { Card } from '@/components/ui/card';
import { FormError, Notice } from '@/components/ui/notice';
import { usePostUiEvent } from '../../audience';
import type { ActivationState } from '../actions';

/** Enables or disables the directory and says what that means. Works without script; with it, the framing page is told. */
export function ActivationForm({
  action,
  isEnabled,
  hasWorked,
  providerName,
}: {
  action: (state: ActivationState, form: FormData) => Promise<ActivationState>;
  isEnabled: boolean;
  /** Whether anything arrived yet. */
  hasWorked: boolean;
  providerName: string;
}) {
  const [state, submit] = useActionState(action, {});
  const { event, error } = state;
  usePostUiEvent(event);

  if (isEnabled) {
    return (
      <Card title="Disable" description="For a pause, or before you move to another provider.">
        <FormError>{error}</FormError>
        <details className="group">
          <summary className={buttonClassName('secondary', 'large', 'cursor-pointer list-none')}>
            Disable provisioning…
          </summary>
          <form action={submit} className="mt-4 space-y-4">
            <input type="hidden" name="isEnabled" value="false" />
            <p className="text-ink-soft">
              From then on everything that {providerName} sends is refused. Nobody who is here already is changed or
              removed, and people who leave you keep their access until you enable again.
            </p>
            <Button variant="danger" size="large">
              Disable now
            </Button>
          </form>
        </details>
      </Card>
    );
  }
  return (
    <Card title="Enable" description={`What ${providerName} sends is accepted from then on, until you disable it.`}>
      <form action={submit} className="space-y-4">
        <FormError>{error}</FormError>
        {!hasWorked && (
          <Notice tone="warning" title={`Nothing has arrived from ${providerName} yet`}>
            You can enable now and finish there later. To be sure that it works, test the connection first.
          </Notice>
        )}
        <input type="hidden" name="isEnabled" value="true" />
        <Button variant="primary" size="large">
          Enable provisioning
        </Button>
      </form>
    </Card>
  );
}
