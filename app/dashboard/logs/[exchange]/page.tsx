import type { ExchangeBodies } from '@/lib/domain/log/types';
import type { Metadata } from 'next';
import Link from 'next/link';
import { curlOf } from '@/components/dashboard/curl';
import { HttpStatus } from '@/components/dashboard/http-status';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { IdText } from '@/components/ui/id-text';
import { JsonView } from '@/components/ui/json-view';
import { KeyValueList } from '@/components/ui/key-value-list';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { RelativeTime } from '@/components/ui/relative-time';
import { publicOrigin } from '@/lib/adapters/request-context';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { listEventsOfRequest } from '@/lib/domain/event/queries';
import { getExchange } from '@/lib/domain/log/queries';
import { PROVIDER_NAMES, isProviderId } from '@/lib/providers/provider';
import { orNotFound } from '../../or-not-found';
import { CausedEvents } from '../events/caused-events';
import { loadNames } from '../names';

export const metadata: Metadata = { title: 'Request – Gatehouse' };

/** A change of members can cause a thousand. */
const MAX_EVENTS = 20;

function printHeaders(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

function Side({
  name,
  headers,
  body,
}: {
  name: string;
  headers: ExchangeBodies['requestHeaders'];
  body: string | null;
}) {
  return (
    <section aria-label={name} className="min-w-0 space-y-3">
      <h2 className="text-lg font-semibold">{name}</h2>
      {body ? (
        <JsonView title={`${name} body`} value={body} />
      ) : (
        <p className="rounded-lg border border-line px-3 py-2.5 text-ink-soft">No body.</p>
      )}
      <CodeBlock title={`${name} headers`} code={printHeaders(headers)} maxHeight="16rem" />
    </section>
  );
}

/** One SCIM request and its answer. */
export default async function ExchangePage({ params }: { params: Promise<{ exchange: string }> }) {
  const { ctx } = await requireOperator();
  const { exchange, bodies } = await orNotFound(getExchange(ctx, (await params).exchange));
  const [{ organizations, directories }, caused] = await Promise.all([
    loadNames(ctx, [exchange]),
    listEventsOfRequest(ctx, {
      requestId: exchange.requestId,
      startedAt: exchange.createdAt,
      limit: MAX_EVENTS + 1,
    }),
  ]);
  const organization = exchange.organizationId === null ? undefined : organizations.get(exchange.organizationId);
  const directory = exchange.directoryId === null ? undefined : directories.get(exchange.directoryId);
  const organizationPath = organization && `/dashboard/organizations/${organization.id}`;
  const directoryPath = directory && `${organizationPath}/directories/${directory.id}`;
  const none = <span className="text-ink-faint">–</span>;
  const linkStyle = 'underline underline-offset-2';
  const resourcePath =
    directoryPath && exchange.resourceId && exchange.resourceType
      ? `${directoryPath}/${exchange.resourceType === 'User' ? 'users' : 'groups'}/${exchange.resourceId}`
      : undefined;

  return (
    <>
      <PageHeader
        title={exchange.resourceName ? `${exchange.operation} ${exchange.resourceName}` : exchange.operation}
        crumbs={[{ label: 'Logs', href: '/dashboard/logs' }]}
        status={<HttpStatus status={exchange.status} />}
        description={
          <span className="flex min-w-0 items-center gap-2">
            <Badge isMono>{exchange.method}</Badge>
            <code className="min-w-0 font-mono text-sm wrap-anywhere">{exchange.path}</code>
          </span>
        }
      />
      <div className="space-y-6">
        {exchange.errorDetail && (
          <Notice
            tone={exchange.status >= 500 ? 'danger' : 'warning'}
            title={exchange.scimType ? `Refused: ${exchange.scimType}` : 'Refused'}
          >
            {exchange.errorDetail}
          </Notice>
        )}
        <Card>
          <KeyValueList
            items={[
              { label: 'Time', value: <RelativeTime at={exchange.createdAt} /> },
              {
                label: 'Latency',
                value: `${exchange.latencyMs.toLocaleString('en', { maximumFractionDigits: 1 })} ms`,
              },
              {
                label: 'Organization',
                value: organization ? (
                  <Link href={organizationPath!} className={linkStyle}>
                    {organization.displayName}
                  </Link>
                ) : exchange.organizationId ? (
                  <IdText value={exchange.organizationId} of="organization id" />
                ) : (
                  none
                ),
              },
              {
                label: 'Directory',
                value: directory ? (
                  <Link href={directoryPath!} className={linkStyle}>
                    {directory.name}
                  </Link>
                ) : exchange.directoryId ? (
                  <IdText value={exchange.directoryId} of="directory id" />
                ) : (
                  none
                ),
              },
              {
                label: 'Provider',
                value:
                  exchange.provider === null
                    ? none
                    : isProviderId(exchange.provider)
                      ? PROVIDER_NAMES[exchange.provider]
                      : exchange.provider,
              },
              {
                label: exchange.resourceType ?? 'Resource',
                value: resourcePath ? (
                  <Link href={resourcePath} className={linkStyle}>
                    {exchange.resourceName ?? exchange.resourceId}
                  </Link>
                ) : (
                  (exchange.resourceName ?? exchange.resourceId ?? none)
                ),
              },
              { label: 'Request id', value: <IdText value={exchange.requestId} of="request id" /> },
              { label: 'Log id', value: <IdText value={exchange.id} of="log id" /> },
              {
                label: 'Client',
                value: (
                  <span className="wrap-anywhere">
                    {[exchange.clientAddress, exchange.userAgent].filter(Boolean).join(', ') || none}
                  </span>
                ),
              },
            ]}
          />
        </Card>
        {caused.length > 0 && <CausedEvents events={caused.slice(0, MAX_EVENTS)} isCut={caused.length > MAX_EVENTS} />}
        {bodies ? (
          <>
            <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
              <Side name="Request" headers={bodies.requestHeaders} body={bodies.requestBody} />
              <Side name="Response" headers={bodies.responseHeaders} body={bodies.responseBody} />
            </div>
            <CodeBlock
              title="Send it again with curl; put the directory’s token into TOKEN"
              code={curlOf({
                method: exchange.method,
                url: publicOrigin() + exchange.path,
                headers: bodies.requestHeaders,
                body: bodies.requestBody,
              })}
              maxHeight="20rem"
            />
          </>
        ) : (
          <Notice title="No bodies were kept for this request" />
        )}
      </div>
    </>
  );
}
