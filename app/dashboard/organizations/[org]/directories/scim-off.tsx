import type { Organization } from '@/lib/domain/organization/types';
import { Notice } from '@/components/ui/notice';
import { LinkButton } from '@/components/ui/link-button';
import { OrganizationHeader } from '../organization-header';

/** Stands where an organization's directories would be while SCIM provisioning is off. */
export function ScimOff({ organization }: { organization: Organization }) {
  return (
    <>
      <OrganizationHeader organization={organization} />
      <Notice
        title="SCIM provisioning is off for this organization"
        action={<LinkButton href={`/dashboard/organizations/${organization.id}#features`}>Open features</LinkButton>}
      >
        Its endpoint and its API calls are refused. What was synced stays, and is here again once it is switched on.
      </Notice>
    </>
  );
}
