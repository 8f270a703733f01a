import type { Directory } from '@/lib/domain/directory/types';
import type { DirectoryParams } from './load-directory';
import type { Metadata } from 'next';
import { Card } from '@/components/ui/card';
import { CopyField } from '@/components/ui/copy-field';
import { KeyValueList } from '@/components/ui/key-value-list';
import { LinkButton } from '@/components/ui/link-button';
import { RelativeTime } from '@/components/ui/relative-time';
import { listSecrets } from '@/lib/domain/directory/queries';
import { findLastExchange } from '@/lib/domain/log/queries';
import { endpointFor, mainEndpointValue, providerOf } from '@/lib/providers/registry';
import { endpointAddress } from '../../../../addresses';
import { ConfirmAction } from '../../../../confirm-action';
import { disableDirectoryAction, enableDirectoryAction } from '../actions';
import { ScimOff } from '../scim-off';
import { DirectoryHeader } from './directory-header';
import { loadDirectory } from './load-directory';
import { TokensCard } from './tokens-card';

export const metadata: Metadata = { title: 'Directory – Gatehouse' };

const STATUS_WORDS = {
  active: 'Requests are accepted, and your application is told of every change.',
  setup:
    'Requests are accepted, so that the connection can be tested. Enable the directory when the first users have arrived.',
  disabled: 'Requests are refused with 403. Users and groups stay as they were.',
} as const;

function StatusCard({ directory, fields }: { directory: Directory; fields: Readonly<Record<string, string>> }) {
  const state = directory.isEnabled ? 'active' : directory.status === 'COMPLETED' ? 'disabled' : 'setup';
  return (
    <Card
      title={{ active: 'Active', setup: 'Setting up', disabled: 'Disabled' }[state]}
      description={STATUS_WORDS[state]}
      actions={
        directory.isEnabled ? (
          <ConfirmAction
            action={disableDirectoryAction}
            fields={fields}
            label="Disable"
            title="Disable this directory?"
            description="Requests with its tokens are refused with 403 from now on. Users and groups stay as they are until it is enabled again."
            confirmLabel="Disable directory"
          />
        ) : (
          <ConfirmAction
            action={enableDirectoryAction}
            fields={fields}
            label="Enable"
            title="Enable this directory?"
            description="The organization is shown as Active, and requests with the directory’s tokens are accepted."
            confirmLabel="Enable directory"
            confirmVariant="primary"
          />
        )
      }
    />
  );
}

/** How a directory is reached, with which tokens, and whether it is on. */
export default async function DirectoryPage({ params }: { params: Promise<DirectoryParams> }) {
  const loaded = await loadDirectory(params);
  const { ctx, signedIn, organization, directory, path } = loaded;
  if (!organization.features.dir_sync) return <ScimOff organization={organization} />;
  const [secrets, lastExchange] = await Promise.all([
    listSecrets(ctx, { organizationId: organization.id, directoryId: directory.id }),
    findLastExchange(ctx, directory),
  ]);
  const fields = { organization_id: organization.id, directory_id: directory.id };
  const provider = providerOf(directory.provider);
  const endpointValue = mainEndpointValue(provider);

  return (
    <>
      <DirectoryHeader {...loaded} />
      <div className="space-y-6">
        <StatusCard directory={directory} fields={fields} />
        <Card title="Connection">
          <div className="space-y-4">
            <CopyField
              label="Endpoint URL"
              hint={`At ${provider.name} this goes into “${endpointValue.field}”.`}
              value={endpointFor(endpointValue, endpointAddress(directory.id))}
            />
            <KeyValueList
              items={[
                { label: 'Provider', value: provider.name },
                {
                  label: 'Last request',
                  value: lastExchange ? (
                    <RelativeTime at={lastExchange.createdAt} />
                  ) : (
                    <span className="text-ink-faint">None yet</span>
                  ),
                },
                { label: 'Created', value: <RelativeTime at={directory.createdAt} /> },
              ]}
            />
          </div>
        </Card>
        <TokensCard fields={fields} secrets={secrets} ownAccountId={signedIn.account.id} />
        <Card
          tone="danger"
          title="Delete directory"
          description="Its tokens stop working at once, and its users and groups are removed."
          actions={
            <LinkButton href={`${path}/delete`} className="text-danger-ink!">
              Delete directory
            </LinkButton>
          }
        />
      </div>
    </>
  );
}
