import type { DirectoryParams } from '../load-directory';
import type { Metadata } from 'next';
import { Card } from '@/components/ui/card';
import { ScimOff } from '../../scim-off';
import { DirectoryHeader } from '../directory-header';
import { loadDirectory } from '../load-directory';
import { writeExtensionLines } from './extension-lines';
import { ExtensionsForm } from './extensions-form';

export const metadata: Metadata = { title: 'Attributes – Gatehouse' };

/** The attributes that a directory sends besides those of the core and enterprise schemas, as far as they are declared. */
export default async function AttributesPage({ params }: { params: Promise<DirectoryParams> }) {
  const loaded = await loadDirectory(params);
  const { organization, directory } = loaded;
  if (!organization.features.dir_sync) return <ScimOff organization={organization} />;
  return (
    <>
      <DirectoryHeader {...loaded} />
      <Card
        title="Attributes of your own"
        description="The core and enterprise attributes of SCIM are always there. Name here what the customer’s provider sends besides, so that it is checked and can be filtered, sorted and discovered; what is not named is kept as it was sent."
      >
        <ExtensionsForm
          fields={{ organization_id: organization.id, directory_id: directory.id }}
          lines={writeExtensionLines(directory.customExtensions)}
        />
      </Card>
    </>
  );
}
