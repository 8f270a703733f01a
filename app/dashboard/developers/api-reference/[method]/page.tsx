import type { Metadata } from 'next';
import type { Query } from '@/components/dashboard/href';
import type { TableColumn } from '@/components/ui/table';
import type { ReferenceError, ReferenceMethod } from '@/lib/adapters/rpc/reference/reference';
import { notFound } from 'next/navigation';
import { HttpVerb } from '@/components/dashboard/http-verb';
import { withQuery } from '@/components/dashboard/href';
import { ReferenceFields } from '../reference-fields';
import { Card, Section } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { KeyValueList } from '@/components/ui/key-value-list';
import { PageHeader } from '@/components/ui/page-header';
import { Table } from '@/components/ui/table';
import { publicOrigin } from '@/lib/adapters/request-context';
import { findMethod, readReference } from '@/lib/adapters/rpc/reference/reference';
import { fillIn, SAMPLE_LANGUAGES } from '@/lib/adapters/rpc/reference/samples/sample';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { loadReader, REFERENCE_PATH } from '../reader';
import { LanguageTabs, OrganizationChoice } from '../reader-choice';

const ERROR_COLUMNS: readonly TableColumn<ReferenceError>[] = [
  { key: 'status', header: 'Status', width: '5rem', cell: (error) => error.status },
  {
    key: 'code',
    header: 'error_code',
    width: '16rem',
    narrow: 'title',
    cell: (error) => <code className="font-mono text-sm wrap-anywhere">{error.code}</code>,
  },
  { key: 'when', header: 'When', cell: (error) => error.when },
];

interface PageProps {
  params: Promise<{ method: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const method = findMethod(readReference(publicOrigin()), (await params).method);
  return { title: `${method?.title ?? 'API reference'} – Gatehouse` };
}

/** One method: how it is called, what it takes, what it answers, and how it is refused. */
export default async function MethodPage({ params, searchParams }: PageProps) {
  const { ctx } = await requireOperator();
  const method = findMethod(readReference(publicOrigin()), (await params).method);
  if (!method) notFound();
  const reader = await loadReader(ctx, await searchParams);
  const path = `${REFERENCE_PATH}/${method.slug}`;
  const language = SAMPLE_LANGUAGES[reader.language];
  return (
    <>
      <PageHeader
        title={method.title}
        crumbs={[{ label: 'API reference', href: withQuery(REFERENCE_PATH, reader.keep) }]}
        description={method.description}
      />
      <div className="space-y-10">
        <Card>
          <KeyValueList items={factsOf(method)} />
        </Card>
        <Section title="Sample" description="A part of the program on the first page of the reference.">
          <LanguageTabs reader={reader} path={path} />
          <CodeBlock
            title={language.framework ? `${language.label} (${language.framework})` : language.label}
            code={fillIn(language.callOf(method), reader.values)}
          />
          <OrganizationChoice reader={reader} path={path} />
        </Section>
        {(method.parameters.length > 0 || method.hasBody) && (
          <Section title="Request">
            {method.parameters.length > 0 && (
              <Card title="Parameters" level={3} isFlush>
                <ReferenceFields fields={method.parameters} isRequest />
              </Card>
            )}
            {method.hasBody && (
              <Card
                title="Body"
                level={3}
                isFlush
                description={method.isBodyList ? 'A list of objects with these fields.' : undefined}
              >
                <ReferenceFields fields={method.body} isRequest />
              </Card>
            )}
          </Section>
        )}
        <Section title="Answer">
          <Card title={`Status ${method.status}`} level={3} isFlush>
            {method.answer.length > 0 ? (
              <ReferenceFields fields={method.answer} />
            ) : (
              <p className="px-4 py-2.5 text-ink-soft">An empty object.</p>
            )}
          </Card>
        </Section>
        <Section
          title="Errors"
          description="The body of every error has error_code, message and the request id. Over gRPC and Connect they are its details."
        >
          <Table caption="Errors" rows={method.errors} rowKey={({ code }) => code} columns={ERROR_COLUMNS} />
        </Section>
      </div>
    </>
  );
}

function factsOf(method: ReferenceMethod) {
  const code = (text: string) => <code className="font-mono text-sm wrap-anywhere">{text}</code>;
  return [
    {
      label: 'REST',
      value: (
        <span className="inline-flex flex-wrap items-center gap-2">
          <HttpVerb verb={method.verb} />
          {code(method.path)}
        </span>
      ),
    },
    ...(method.rpcPath === undefined ? [] : [{ label: 'gRPC, Connect', value: code(method.rpcPath) }]),
    { label: 'Scope', value: method.scope === undefined ? 'None: no access token is needed' : code(method.scope) },
  ];
}
