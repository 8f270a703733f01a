import type { Metadata } from 'next';
import { Card, Section } from '@/components/ui/card';
import { RelativeTime } from '@/components/ui/relative-time';
import { ORDER_WAIT_SECONDS, REMOVAL_WAIT_SECONDS } from '@/lib/domain/delivery/types';
import { ConfirmAction } from '../../../../confirm-action';
import { deleteEndpointAction, disableEndpointAction, enableEndpointAction, updateEndpointAction } from '../../actions';
import { EndpointForm } from '../../endpoint-form';
import { offerOrganizations } from '../../offered-organizations';
import { ATTEMPT_DELAYS, formatSeconds, HOURS_UNTIL_GIVEN_UP } from '../../schedule';
import { ActionButton } from '../action-button';
import { EndpointHeader, endpointName } from '../endpoint-header';
import { loadEndpoint } from '../load-endpoint';
import { RotateSecretForm } from './rotate-secret-form';

export const metadata: Metadata = { title: 'Endpoint settings – Gatehouse' };

function Schedule() {
  return (
    <Section
      title="When it is tried again"
      description={`Anything but a 2xx answer within ten seconds is a failure. After the last attempt, about ${HOURS_UNTIL_GIVEN_UP} hours on, the delivery is given up and kept for a replay.`}
    >
      <ol className="flex flex-wrap gap-x-2 gap-y-1.5 text-sm">
        {ATTEMPT_DELAYS.map((delay, index) => (
          <li key={index} className="rounded-sm border border-line bg-sunken px-2 py-0.5 whitespace-nowrap">
            {index === 0 ? 'At once' : `after ${delay}`}
          </li>
        ))}
      </ol>
      <p className="max-w-prose text-ink-soft">
        Events of one user, group or other resource arrive in order: a later one waits for an earlier one for up to{' '}
        {formatSeconds(ORDER_WAIT_SECONDS)}, one that takes access away for up to {formatSeconds(REMOVAL_WAIT_SECONDS)}.
        Then it goes ahead, marked <code className="font-mono text-sm">out_of_order</code>; compare{' '}
        <code className="font-mono text-sm">version</code> and keep the highest. A 410 answer disables the endpoint.
      </p>
    </Section>
  );
}

/** What an endpoint is told and how it is signed, and whether it is on. */
export default async function EndpointSettingsPage({ params }: { params: Promise<{ endpoint: string }> }) {
  const { ctx, endpoint, path } = await loadEndpoint(params);
  const fields = { endpoint_id: endpoint.id };
  return (
    <>
      <EndpointHeader endpoint={endpoint} path={path} />
      <div className="space-y-12">
        <EndpointForm
          action={updateEndpointAction}
          fields={fields}
          initial={endpoint}
          {...await offerOrganizations(ctx, endpoint.organizationIds)}
          submitLabel="Save changes"
        />
        <Section
          title="Signing secret"
          description={
            endpoint.previousSecretUntil ? (
              <>
                Deliveries carry two signatures: the secret before is valid too, until{' '}
                <RelativeTime at={endpoint.previousSecretUntil} />.
              </>
            ) : (
              'Your application checks each delivery with it. It was shown once; a lost one is replaced.'
            )
          }
        >
          <RotateSecretForm fields={fields} />
        </Section>
        <Schedule />
        <div className="space-y-6">
          <Card
            title={endpoint.isEnabled ? 'Disable endpoint' : 'Enable endpoint'}
            description={
              endpoint.isEnabled
                ? 'Nothing is sent to it until it is enabled again. Events that happen meanwhile can be replayed then.'
                : 'What waits for it goes out at once. Replay the time that it missed.'
            }
            actions={
              endpoint.isEnabled ? (
                <ConfirmAction
                  action={disableEndpointAction}
                  fields={fields}
                  label="Disable"
                  title="Disable this endpoint?"
                  description="Your application is told nothing through it, also not of people who leave, until it is enabled again."
                  confirmLabel="Disable endpoint"
                />
              ) : (
                <ActionButton action={enableEndpointAction} fields={fields} label="Enable" />
              )
            }
          />
          <Card
            tone="danger"
            title="Delete endpoint"
            description="Nothing is sent to it any more, and its deliveries are removed."
            actions={
              <ConfirmAction
                action={deleteEndpointAction}
                fields={fields}
                label="Delete"
                title="Delete this endpoint?"
                description={`${endpointName(endpoint)}: nothing is sent to it any more, its secret is forgotten and its deliveries are removed. This cannot be undone.`}
                confirmLabel="Delete endpoint"
              />
            }
          />
        </div>
      </div>
    </>
  );
}
