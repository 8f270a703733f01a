import type { Metadata } from 'next';
import type { Query } from '@/components/dashboard/href';
import { withQuery } from '@/components/dashboard/href';
import { Card, Section } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { KeyValueList } from '@/components/ui/key-value-list';
import { LinkButton } from '@/components/ui/link-button';
import { PageHeader } from '@/components/ui/page-header';
import { fillIn, SAMPLE_LANGUAGES } from '@/lib/adapters/rpc/reference/samples/sample';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { EVENT_TITLES, EVENT_TYPES } from '@/lib/domain/event/types';
import { loadReader, REFERENCE_PATH } from '../reader';
import { LanguageTabs } from '../reader-choice';

export const metadata: Metadata = { title: 'Receive webhooks – Gatehouse' };

const FIELDS = [
  { label: 'id', value: 'Id of the event. Delivered again it is the same: remember it and do nothing twice.' },
  { label: 'type', value: 'What happened.' },
  { label: 'version', value: 'Counts the changes of the person or group. Keep the highest and skip what is lower.' },
  {
    label: 'out_of_order',
    value: 'true where it went ahead of an earlier event, which may still come. Otherwise absent.',
  },
  { label: 'data', value: 'The person, group or organization as of that moment.' },
  { label: 'previous', value: 'Of what changed, the values before.' },
  { label: 'occurred_at', value: 'When it happened.' },
  { label: 'organization_id', value: 'Whose it is.' },
] as const;

/** How an application receives events: the signature, the fields, the types. */
export default async function WebhooksPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { ctx } = await requireOperator();
  const reader = await loadReader(ctx, await searchParams);
  const language = SAMPLE_LANGUAGES[reader.language];
  return (
    <>
      <PageHeader
        title="Receive webhooks"
        crumbs={[{ label: 'API reference', href: withQuery(REFERENCE_PATH, reader.keep) }]}
        actions={<LinkButton href="/dashboard/developers/webhooks">Endpoints</LinkButton>}
        description="Each event is a signed POST. Check the signature over the body as it came, keep the event, and answer 2xx within ten seconds."
      />
      <div className="space-y-10">
        <Section title="Sample">
          <LanguageTabs reader={reader} path={`${REFERENCE_PATH}/webhooks`} />
          <CodeBlock
            title={language.framework ? `${language.label} (${language.framework})` : language.label}
            code={fillIn(language.webhook, reader.values)}
          />
        </Section>
        <Section title="The event">
          <Card>
            <KeyValueList items={FIELDS} />
          </Card>
        </Section>
        <Section title="Types">
          <Card isFlush>
            <ul className="divide-y divide-line">
              {EVENT_TYPES.map((type) => (
                <li key={type} className="grid gap-x-4 px-4 py-2 sm:grid-cols-[16rem_1fr]">
                  <span>{EVENT_TITLES[type]}</span>
                  <code className="font-mono text-sm text-ink-soft wrap-anywhere">{type}</code>
                </li>
              ))}
            </ul>
          </Card>
        </Section>
      </div>
    </>
  );
}
