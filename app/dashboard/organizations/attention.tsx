import type { Context } from '@/lib/core/context';
import Link from 'next/link';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import { listWaitingDirectories } from '@/lib/domain/deprovisioning/queries';
import { listWebhookEndpoints } from '@/lib/domain/webhook/queries';
import { countOf } from '../paging';

/** More than these would hide the page; whoever has so many begins with the oldest. */
const SHOWN = 5;

/** What an operator must decide or repair, on the page where they start; nothing while there is nothing. */
export async function Attention({ ctx }: { ctx: Context }) {
  const [waiting, endpoints] = await Promise.all([listWaitingDirectories(ctx), listWebhookEndpoints(ctx)]);
  const broken = endpoints.filter(({ isEnabled, disabledReason, flaggedAt }) =>
    isEnabled ? flaggedAt !== null : disabledReason === 'gone',
  );
  if (waiting.length + broken.length === 0) return null;
  return (
    <Notice tone="danger" title="This needs you" className="mb-6">
      <ul className="mt-1 space-y-1">
        {waiting.slice(0, SHOWN).map((one) => (
          <li key={one.directoryId} className="wrap-anywhere">
            <Link href={`/dashboard/organizations/${one.organizationId}/directories/${one.directoryId}/deprovisioning`}>
              {one.organizationName}
            </Link>
            : {countOf(one.people, 'person is', 'people are')} held back, since <RelativeTime at={one.since} />.
          </li>
        ))}
        {waiting.length > SHOWN && (
          <li>{countOf(waiting.length - SHOWN, 'more directory has', 'more directories have')} people held back.</li>
        )}
        {broken.map((endpoint) => (
          <li key={endpoint.id} className="wrap-anywhere">
            <Link href={`/dashboard/developers/webhooks/${endpoint.id}`}>{endpoint.url}</Link>:{' '}
            {endpoint.isEnabled ? 'deliveries were given up.' : 'it answered 410 Gone and was disabled.'}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
