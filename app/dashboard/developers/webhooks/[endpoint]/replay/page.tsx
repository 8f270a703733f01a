import type { Metadata } from 'next';
import { Card } from '@/components/ui/card';
import { PageHeader } from '@/components/ui/page-header';
import { writeUtcTime } from '../../form-values';
import { replayFailedAction } from '../../actions';
import { ActionButton } from '../action-button';
import { endpointName } from '../endpoint-header';
import { loadEndpoint } from '../load-endpoint';
import { ReplayRangeForm } from './replay-range-form';

export const metadata: Metadata = { title: 'Replay – Gatehouse' };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Ways to send an endpoint again what it missed. */
export default async function ReplayPage({ params }: { params: Promise<{ endpoint: string }> }) {
  const { ctx, endpoint, path } = await loadEndpoint(params);
  const now = ctx.now().getTime();
  const fields = { endpoint_id: endpoint.id };
  return (
    <>
      <PageHeader
        title="Replay"
        crumbs={[
          { label: 'Webhooks', href: '/dashboard/developers/webhooks' },
          { label: endpointName(endpoint), href: path },
        ]}
        description="What is sent again has the same event ids and versions: your application recognises what it has seen."
      />
      <div className="max-w-2xl space-y-6">
        <Card
          title="Everything that failed"
          description="All deliveries that were given up, in their order, with a new round of attempts."
          actions={<ActionButton action={replayFailedAction} fields={fields} label="Replay all failed" />}
        />
        <Card
          title="A range of time"
          description="Every event that was announced then and that this endpoint wants, also what it was never sent, such as while it was disabled."
        >
          <ReplayRangeForm
            fields={fields}
            from={writeUtcTime(new Date(now - HOUR_MS))}
            // The minute that runs is part of it.
            to={writeUtcTime(new Date(now + MINUTE_MS))}
            cancelHref={path}
          />
        </Card>
      </div>
    </>
  );
}
