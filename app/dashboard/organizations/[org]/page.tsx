import type { Metadata } from 'next';
import type { Organization } from '@/lib/domain/organization/types';
import { Pencil } from 'lucide-react';
import { HeldNotice } from '@/components/dashboard/held-notice';
import { Card } from '@/components/ui/card';
import { IdText } from '@/components/ui/id-text';
import { KeyValueList } from '@/components/ui/key-value-list';
import { LinkButton } from '@/components/ui/link-button';
import { RelativeTime } from '@/components/ui/relative-time';
import { requireOperator } from '@/lib/adapters/sign-in/guard';
import { summarizeHeld } from '@/lib/domain/deprovisioning/queries';
import { listDirectories } from '@/lib/domain/directory/queries';
import { findLastExchange } from '@/lib/domain/log/queries';
import { listCustomerAdmins } from '@/lib/domain/operator/queries';
import { getOrganization } from '@/lib/domain/organization/queries';
import { listLinks } from '@/lib/domain/portal/queries';
import { countDirectory } from '@/lib/domain/provisioning/queries';
import { orNotFound } from '../../or-not-found';
import { CustomerAdmins } from './customer-admins';
import { DirectoryCard } from './directory-card';
import { FeatureSwitch } from './feature-switch';
import { OrganizationHeader } from './organization-header';
import { PortalLinks } from './portal-links';

export const metadata: Metadata = { title: 'Organization – Gatehouse' };

const MORE_FEATURES = [
  { feature: 'sso', label: 'Single sign-on' },
  { feature: 'domain_verification', label: 'Domain verification' },
] as const;

function MetadataPairs({ pairs }: { pairs: readonly (readonly [key: string, value: string])[] }) {
  return (
    <ul className="space-y-1 font-mono text-sm">
      {pairs.map(([key, value]) => (
        <li key={key} className="wrap-anywhere whitespace-pre-wrap">
          <span className="text-ink-soft">{key}:</span> {value}
        </li>
      ))}
    </ul>
  );
}

function Details({ organization }: { organization: Organization }) {
  const pairs = Object.entries(organization.metadata);
  return (
    <Card title="Details">
      <KeyValueList
        items={[
          {
            label: 'External id',
            value: organization.externalId ? (
              <IdText value={organization.externalId} of="external id" />
            ) : (
              <span className="text-ink-faint">None</span>
            ),
          },
          ...(organization.slug ? [{ label: 'Slug', value: <IdText value={organization.slug} of="slug" /> }] : []),
          ...(organization.logoUrl
            ? [{ label: 'Logo', value: <IdText value={organization.logoUrl} of="logo URL" /> }]
            : []),
          ...(pairs.length > 0 ? [{ label: 'Metadata', value: <MetadataPairs pairs={pairs} /> }] : []),
          { label: 'Created', value: <RelativeTime at={organization.createdAt} /> },
          { label: 'Changed', value: <RelativeTime at={organization.updatedAt} /> },
        ]}
      />
    </Card>
  );
}

function Features({ organization }: { organization: Organization }) {
  return (
    <Card title="Features">
      <div className="space-y-4">
        <FeatureSwitch
          organizationId={organization.id}
          feature="dir_sync"
          label="SCIM provisioning"
          hint="Users and groups arrive from the customer’s directory. Off: tokens and API calls are refused, data stays."
          isOn={organization.features.dir_sync}
        />
        {MORE_FEATURES.map(({ feature, label }) => (
          <FeatureSwitch
            key={feature}
            organizationId={organization.id}
            feature={feature}
            label={label}
            hint="Not yet available. Your choice is kept, and customers see nothing of it until it works."
            isOn={organization.features[feature]}
          />
        ))}
      </div>
    </Card>
  );
}

/** One organization: its directory, its links, its admins and its switches. */
export default async function OrganizationPage({ params }: { params: Promise<{ org: string }> }) {
  const { ctx, signedIn } = await requireOperator();
  const organization = await orNotFound(getOrganization(ctx, (await params).org));
  const [directories, links, { admins, invitations }] = await Promise.all([
    listDirectories(ctx, organization.id),
    listLinks(ctx, { organizationId: organization.id, kind: 'share' }),
    listCustomerAdmins(ctx, organization.id),
  ]);
  const [first] = directories;
  const primary = first && {
    directory: first,
    counts: (await countDirectory(ctx, organization.id, [first.id])).get(first.id),
    lastRequestAt: (await findLastExchange(ctx, first))?.createdAt,
  };
  const held = await Promise.all(
    directories.map(async (directory) => ({
      directory,
      summary: await summarizeHeld(ctx, { organizationId: organization.id, directoryId: directory.id }),
    })),
  );
  const path = `/dashboard/organizations/${organization.id}`;

  return (
    <>
      <OrganizationHeader
        organization={organization}
        actions={
          <LinkButton href={`${path}/edit`} icon={<Pencil size={14} aria-hidden="true" />}>
            Edit
          </LinkButton>
        }
      />
      {held.map(({ directory, summary }) => (
        <HeldNotice
          key={directory.id}
          held={summary}
          path={`${path}/directories/${directory.id}`}
          name={directory.name}
        />
      ))}
      <div className="space-y-6">
        <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
          <DirectoryCard organization={organization} primary={primary} otherCount={directories.length - 1} />
          <Details organization={organization} />
        </div>
        <PortalLinks organizationId={organization.id} links={links} ownAccountId={signedIn.account.id} />
        <CustomerAdmins organizationId={organization.id} admins={admins} invitations={invitations} />
        <div id="features">
          <Features organization={organization} />
        </div>
        <Card
          tone="danger"
          title="Delete organization"
          description="Its links, sessions and tokens stop working at once, and its data is removed."
          actions={
            <LinkButton href={`${path}/delete`} className="text-danger-ink!">
              Delete organization
            </LinkButton>
          }
        />
      </div>
    </>
  );
}
