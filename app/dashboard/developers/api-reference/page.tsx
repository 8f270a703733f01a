import type { Metadata } from 'next';
import type { Query } from '@/components/dashboard/href';
import Link from 'next/link';
import { HttpVerb } from '@/components/dashboard/http-verb';
import { readParam, withQuery } from '@/components/dashboard/href';
import { Card, Section } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { EmptyState } from '@/components/ui/empty-state';
import { LinkButton } from '@/components/ui/link-button';
import { PageHeader } from '@/components/ui/page-header';
import { SearchField } from '@/components/ui/search-field';
import { publicOrigin } from '@/lib/adapters/request-context';
import { readReference, searchReference } from '@/lib/adapters/rpc/reference/reference';
import { fillIn, SAMPLE_LANGUAGES } from '@/lib/adapters/rpc/reference/samples/sample';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { loadReader, REFERENCE_PATH } from './reader';
import { LanguageTabs, OrganizationChoice } from './reader-choice';

export const metadata: Metadata = { title: 'API reference – Gatehouse' };

/** Everything that the API can do, and how a program begins. */
export default async function ApiReferencePage({ searchParams }: { searchParams: Promise<Query> }) {
  const { ctx } = await requireOperator();
  const query = await searchParams;
  const reader = await loadReader(ctx, query);
  const search = readParam(query['q']);
  const services = readReference(publicOrigin());
  const found = search === undefined ? services : searchReference(services, search);
  const language = SAMPLE_LANGUAGES[reader.language];
  return (
    <>
      <PageHeader
        title="API reference"
        description="Each method over REST, gRPC and Connect, with samples for the official Scalekit SDKs."
        actions={
          <LinkButton href="/api/openapi.json" prefetch={false}>
            OpenAPI document
          </LinkButton>
        }
      />
      <div className="space-y-10">
        <Section
          title="Begin"
          description="Samples on the other pages are parts of this program. They are filled in with your own address and ids."
        >
          <LanguageTabs reader={reader} path={REFERENCE_PATH} keep={{ q: search }} />
          <CodeBlock title="Install" code={fillIn(language.install, reader.values)} />
          <CodeBlock title={language.file} code={fillIn(language.setUp, reader.values)} />
          {(reader.language === 'python' || reader.language === 'java') && (
            <p className="text-sm text-ink-soft">
              The official {language.label} SDK connects by TLS only, so it needs an https environment URL.
            </p>
          )}
          <div className="flex flex-wrap items-end justify-between gap-4">
            <OrganizationChoice reader={reader} path={REFERENCE_PATH} />
            <LinkButton href={withQuery(`${REFERENCE_PATH}/webhooks`, reader.keep)}>Receive webhooks</LinkButton>
          </div>
        </Section>
        <Section
          title="Methods"
          actions={
            <SearchField
              action={REFERENCE_PATH}
              label="Search methods"
              defaultValue={search ?? ''}
              keep={reader.keep}
            />
          }
        >
          {found.length === 0 && (
            <div className="rounded-lg border border-line">
              <EmptyState title="No method matches">Search for a part of its name, path or description.</EmptyState>
            </div>
          )}
          {found.map(({ name, methods }) => (
            <Card key={name} title={name} level={3} isFlush>
              <ul className="divide-y divide-line">
                {methods.map((method) => (
                  <li key={method.id}>
                    <Link
                      href={withQuery(`${REFERENCE_PATH}/${method.slug}`, reader.keep)}
                      prefetch={false}
                      className="grid gap-x-4 gap-y-1 px-4 py-2 -outline-offset-2 hover:bg-hover lg:grid-cols-[16rem_1fr]"
                    >
                      <span className="font-medium">{method.title}</span>
                      <span className="flex min-w-0 items-baseline gap-2">
                        <span className="w-16 shrink-0">
                          <HttpVerb verb={method.verb} />
                        </span>
                        <code className="min-w-0 font-mono text-sm text-ink-soft wrap-anywhere">{method.path}</code>
                      </span>
                    </Link>
                  </li>
                ))}
              </ul>
            </Card>
          ))}
        </Section>
      </div>
    </>
  );
}
