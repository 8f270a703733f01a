import type { SampleExchange } from './samples';
import type { TableColumn } from '@/components/ui/table';
import type { ReactNode } from 'react';
import { Building2, Plus, Trash2 } from 'lucide-react';
import { AutoSubmit } from '@/components/ui/auto-submit';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, Section } from '@/components/ui/card';
import { Checkbox, Switch } from '@/components/ui/choice';
import { CodeBlock } from '@/components/ui/code-block';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { CopyButton } from '@/components/ui/copy-button';
import { CopyField } from '@/components/ui/copy-field';
import { Dialog } from '@/components/ui/dialog';
import { EmptyState } from '@/components/ui/empty-state';
import { Select, TextArea, TextField } from '@/components/ui/field';
import { readClockMs } from '@/components/ui/format-time';
import { IdText } from '@/components/ui/id-text';
import { JsonView } from '@/components/ui/json-view';
import { KeyValueList } from '@/components/ui/key-value-list';
import { LinkButton } from '@/components/ui/link-button';
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/menu';
import { FormError, Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Pagination } from '@/components/ui/pagination';
import { RelativeTime } from '@/components/ui/relative-time';
import { SearchField } from '@/components/ui/search-field';
import { SecretField } from '@/components/ui/secret-field';
import { TableSkeleton } from '@/components/ui/skeleton';
import { StatusDot } from '@/components/ui/status-dot';
import { Stepper } from '@/components/ui/stepper';
import { TabNav } from '@/components/ui/tab-nav';
import { Table } from '@/components/ui/table';
import { ThemeToggle } from '@/components/ui/theme-toggle';
import { DoneMessage, Toast } from '@/components/ui/toast';
import { failSlowly, succeedSlowly } from './actions';
import { organizationColumns } from './dashboard-sample';
import { EXCHANGES, ORGANIZATIONS, USER_RESOURCE } from './samples';

const HERE = '/dev/gallery';
const MINUTE_MS = 60_000;

function exchangeColumns(nowMs: number): readonly TableColumn<SampleExchange>[] {
  return [
    {
      key: 'method',
      header: 'Request',
      cell: (row) => <code className="font-mono text-sm whitespace-nowrap">{`${row.method} ${row.path}`}</code>,
    },
    {
      key: 'status',
      header: 'Status',
      cell: (row) => (
        <Badge isMono tone={row.status < 400 ? 'success' : 'danger'}>
          {row.status}
        </Badge>
      ),
    },
    { key: 'what', header: 'What happened', cell: (row) => <span className="whitespace-nowrap">{row.what}</span> },
    { key: 'took', header: 'Took', align: 'end', cell: (row) => `${row.tookMs} ms` },
    { key: 'when', header: 'When', cell: (row) => <RelativeTime at={new Date(nowMs - row.minutesAgo * MINUTE_MS)} /> },
  ];
}

function Row({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-3">{children}</div>;
}

function Actions() {
  return (
    <Section title="Actions">
      <Row>
        <Button variant="primary">Save changes</Button>
        <Button>Generate link</Button>
        <Button variant="quiet">Cancel</Button>
        <Button variant="danger">Delete organization</Button>
        <Button icon={<Plus size={16} aria-hidden="true" />}>New</Button>
        <LinkButton href={HERE}>A link</LinkButton>
      </Row>
      <Row>
        <Button variant="primary" isPending>
          Save changes
        </Button>
        <Button isPending>Generate link</Button>
        <Button variant="primary" disabled>
          Save changes
        </Button>
        <Button disabled>Generate link</Button>
        <Button size="small">Small</Button>
        <Button size="large" variant="primary">
          Large
        </Button>
      </Row>
      <form action={succeedSlowly}>
        <Row>
          <Button name="intent" value="save" variant="primary">
            Takes 1.5 s
          </Button>
          <Button name="intent" value="other">
            So does this
          </Button>
          <DoneMessage>Saved</DoneMessage>
        </Row>
      </form>
      <Row>
        <Menu label="Actions for Meridian Freight">
          <MenuItem href={HERE}>Open</MenuItem>
          <MenuItem onSelect={succeedSlowly}>Disable SCIM</MenuItem>
          <MenuItem isDisabled>Enable SSO</MenuItem>
          <MenuSeparator />
          <MenuItem isDanger icon={<Trash2 size={16} aria-hidden="true" />}>
            Delete…
          </MenuItem>
        </Menu>
        <Dialog
          trigger={<Button>Open a dialog</Button>}
          title="Revoke this link?"
          description="Sessions that it opened end at once."
        >
          <Row>
            <Button variant="primary">Revoke link</Button>
          </Row>
        </Dialog>
        <ConfirmDialog
          trigger={<Button variant="danger">Delete…</Button>}
          title="Delete Meridian Freight"
          description="Its directory, 1,284 users, 31 groups and all portal links go with it. This cannot be undone."
          typedText="Meridian Freight"
          confirmLabel="Delete organization"
          action={failSlowly}
        />
        <ThemeToggle />
      </Row>
    </Section>
  );
}

function Forms() {
  return (
    <Section title="Forms">
      <div className="grid items-start gap-4 md:grid-cols-2">
        <Card
          title="General"
          footer={
            <>
              <span>Changes are sent as organization.updated.</span>
              <Button variant="primary">Save changes</Button>
            </>
          }
        >
          <div className="space-y-4">
            <TextField label="Name" defaultValue="Meridian Freight" />
            <TextField
              label="External id"
              hint="Your own id of this customer."
              isOptional
              isMono
              defaultValue="acct_20418"
            />
            <TextField label="Slug" error="Use small letters, digits and hyphens." defaultValue="Meridian Freight" />
            <TextField label="Logo address" prefix="https://" isOptional placeholder="cdn.meridian.example/logo.svg" />
            <Select
              label="Role for everyone else"
              options={[
                { value: 'member', label: 'Member' },
                { value: 'admin', label: 'Administrator' },
              ]}
            />
            <TextArea label="Metadata" isMono isOptional defaultValue={'{\n  "plan": "enterprise"\n}'} />
            <TextField label="Region" disabled defaultValue="EU" />
          </div>
        </Card>
        <Card title="Features" description="What the customer's admin can set up.">
          <div className="space-y-5">
            <AutoSubmit action={succeedSlowly} className="space-y-4">
              <Switch
                label="SCIM provisioning"
                hint="Users and groups from the customer's directory."
                name="scim"
                defaultChecked
              />
              <Switch label="Single sign-on" hint="Not available yet." name="sso" disabled />
              <Switch label="Domain verification" name="domains" />
            </AutoSubmit>
            <Checkbox label="Administrator" name="role" defaultChecked />
            <Checkbox
              label="I have stored the token"
              hint="It is not shown again."
              name="stored"
              error="Store it before you go on."
            />
            <FormError>The external id “acct_20418” belongs to Tessellate. Choose another.</FormError>
            <SearchField action={HERE} label="Search users" />
          </div>
        </Card>
      </div>
    </Section>
  );
}

function Messages() {
  return (
    <Section title="Messages">
      <Notice title="Users arrive as soon as the directory calls">
        Okta usually does so within a minute of assigning someone.
      </Notice>
      <Notice tone="success" title="Meridian Freight is connected">
        1,284 users and 31 groups are in sync.
      </Notice>
      <Notice tone="warning" title="The token expires in 7 days" action={<Button size="small">Make a new one</Button>}>
        Both work until then, so nothing stops.
      </Notice>
      <Notice tone="danger" title="Okta's last 12 requests were refused">
        Its token was revoked yesterday. <a href={HERE}>Make a new token</a> and paste it in Okta.
      </Notice>
      <Row>
        <StatusDot tone="idle">Draft</StatusDot>
        <StatusDot tone="progress" isLive>
          In progress
        </StatusDot>
        <StatusDot tone="success">Active</StatusDot>
        <StatusDot tone="warning">Attention needed</StatusDot>
        <StatusDot tone="danger">Failing</StatusDot>
      </Row>
      <Row>
        <Badge>SCIM</Badge>
        <Badge tone="accent">New</Badge>
        <Badge tone="success" isMono>
          201
        </Badge>
        <Badge tone="warning">Expires soon</Badge>
        <Badge tone="danger" isMono>
          409
        </Badge>
      </Row>
    </Section>
  );
}

function Values({ nowMs }: { nowMs: number }) {
  return (
    <Section title="Values">
      <div className="grid items-start gap-4 md:grid-cols-2">
        <Card title="Details">
          <KeyValueList
            items={[
              { label: 'Id', value: <IdText value="org_69117394271748101" of="organization id" /> },
              { label: 'Directory', value: 'Okta' },
              { label: 'Status', value: <StatusDot tone="success">Active</StatusDot> },
              { label: 'Last call', value: <RelativeTime at={new Date(nowMs - 3 * MINUTE_MS)} /> },
              { label: 'Link expires', value: <RelativeTime at={new Date(nowMs + 7 * 24 * 60 * MINUTE_MS + 1000)} /> },
              { label: 'Logo', value: null },
            ]}
          />
        </Card>
        <Card title="Link for the IT admin" description="Anyone who holds it can change the connection.">
          <div className="space-y-4">
            <CopyField
              label="Portal link"
              value="https://provision.operator.example/magicLink/0f6c1b2e-8d3a-4c52-9d8e-6d1f0b7e4a11_p"
            />
            <SecretField label="Client secret" value="skcs_3nT8vQ1mZr6Kx9Lp2Wd7" />
            <Row>
              <CopyButton value="org_69117394271748101" of="organization id" />
            </Row>
          </div>
        </Card>
        <CodeBlock
          title="Environment"
          code={
            'SCALEKIT_ENVIRONMENT_URL=https://provision.operator.example\nSCALEKIT_CLIENT_ID=skc_69117394271748001\nSCALEKIT_CLIENT_SECRET=…'
          }
        />
        <JsonView title="Request body" value={USER_RESOURCE} maxHeight="18rem" />
      </div>
    </Section>
  );
}

function Lists({ nowMs }: { nowMs: number }) {
  return (
    <Section title="Lists">
      <Table
        caption="Organizations"
        columns={organizationColumns(nowMs)}
        rows={ORGANIZATIONS}
        rowKey={(row) => row.id}
        rowHref={(row) => `${HERE}#${row.id}`}
        sort={{ key: 'users', direction: 'desc', hrefFor: (key, way) => `${HERE}?sort=${key}.${way}` }}
      />
      <Pagination summary="21–25 of 43" previousHref={HERE} nextHref={null} />
      <Table
        caption="Requests"
        narrow="scroll"
        columns={exchangeColumns(nowMs)}
        rows={EXCHANGES}
        rowKey={(row) => row.id}
        rowHref={(row) => `${HERE}#${row.id}`}
      />
      <Table
        caption="Nothing"
        columns={organizationColumns(nowMs)}
        rows={[]}
        rowKey={(row) => row.id}
        empty={
          <EmptyState
            icon={<Building2 size={20} aria-hidden="true" />}
            title="No organizations yet"
            action={
              <LinkButton href={HERE} variant="primary">
                New organization
              </LinkButton>
            }
          >
            Create one for each customer that connects a directory.
          </EmptyState>
        }
      />
      <TableSkeleton rows={3} />
    </Section>
  );
}

/** All primitives on one page. */
export function PrimitiveSamples() {
  const nowMs = readClockMs();
  return (
    <main className="bg-surface">
      <div className="mx-auto max-w-6xl space-y-12 px-4 py-8 sm:px-8">
        <PageHeader
          crumbs={[
            { label: 'Organizations', href: HERE },
            { label: 'Meridian Freight', href: `${HERE}?crumb` },
          ]}
          title="Meridian Freight"
          status={<StatusDot tone="success">Active</StatusDot>}
          description={<IdText value="org_69117394271748101" of="organization id" />}
          actions={
            <>
              <Button>Generate link</Button>
              <Button variant="primary">Enable</Button>
            </>
          }
          tabs={
            <TabNav
              label="Meridian Freight"
              current={HERE}
              items={[
                { label: 'Overview', href: HERE },
                { label: 'SCIM provisioning', href: `${HERE}?tab=scim` },
                { label: 'Users', href: `${HERE}?tab=users`, count: 1284 },
                { label: 'Groups', href: `${HERE}?tab=groups`, count: 31 },
                { label: 'Activity', href: `${HERE}?tab=activity` },
              ]}
            />
          }
        />
        <Actions />
        <Forms />
        <Messages />
        <Values nowMs={nowMs} />
        <Lists nowMs={nowMs} />
        <Section title="Progress">
          <Stepper
            steps={[
              { label: 'Choose provider', href: HERE },
              { label: 'Connect' },
              { label: 'Watch users arrive' },
              { label: 'Enable' },
            ]}
            current={2}
          />
        </Section>
      </div>
      <Toast
        action={
          <Button variant="quiet" size="small">
            Undo
          </Button>
        }
      >
        Link revoked
      </Toast>
    </main>
  );
}
