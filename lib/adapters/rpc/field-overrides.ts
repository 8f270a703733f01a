import type { FieldRules, StringRules } from './rule-types';

/** One departure from the descriptor's rules. */
export interface FieldOverride {
  readonly reason: string;
  change(rules: FieldRules): FieldRules;
}

/** Longest attribute path that a mapping may name: a schema URN and an attribute with a filter fit. */
const MAPPING_LENGTH_MAX = 512;
const DOMAIN_LENGTH_MAX = 255;
const PAGE_SIZE_MAX = 100;

function changeString(reason: string, changes: StringRules): FieldOverride {
  return { reason, change: (rules) => ({ ...rules, string: { ...rules.string, ...changes } }) };
}

function clampAt(reason: string, lte: number): FieldOverride {
  return { reason, change: (rules) => ({ ...rules, number: { lte } }) };
}

const MAPPING = changeString('attributes are named by full schema URNs, which do not fit in 32 characters', {
  maxLength: MAPPING_LENGTH_MAX,
});
const ANY_EXTERNAL_ID = changeString('external ids of organizations are not limited to 32 characters elsewhere', {
  maxLength: undefined,
});
const DIRECTORY_PAGE = clampAt('the SDK documents a maximum of 100, the descriptor says 30', PAGE_SIZE_MAX);
const LIST_PAGE = clampAt('documented maximum that the descriptor leaves out', PAGE_SIZE_MAX);

/** Where we depart from the descriptors' validation rules, by full field name, and why. */
export const FIELD_OVERRIDES: Readonly<Record<string, FieldOverride>> = {
  'scalekit.v1.organizations.DeletePortalLinkByIdRequest.link_id': changeString(
    'GeneratePortalLink answers with the UUID of the link and GetPortalLinks with lnk_ ids: both name a link',
    {
      prefix: undefined,
      maxLength: undefined,
      pattern: '^(lnk_[0-9]{1,28}|[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(_p)?)$',
    },
  ),
  'scalekit.v1.organizations.GeneratePortalLinkRequest.features': {
    reason: 'newer SDKs name features that these descriptors do not know; a link ignores them',
    change: (rules) => ({ ...rules, enum: { isDefinedOnly: false } }),
  },
  'scalekit.v1.directories.UpdateDirectory.name': changeString(
    'the field cannot say that it is absent, and an update changes only what it names: empty means unchanged',
    { minLength: undefined },
  ),
  'scalekit.v1.directories.AttributeMapping.key': MAPPING,
  'scalekit.v1.directories.AttributeMapping.map_to': MAPPING,
  'scalekit.v1.directories.DirectoryMapping.key': MAPPING,
  'scalekit.v1.directories.DirectoryMapping.map_to': MAPPING,
  'scalekit.v1.connections.ListConnectionsRequest.domain': changeString(
    'domain names have up to 255 characters, and CreateDomain accepts as many',
    { maxLength: DOMAIN_LENGTH_MAX },
  ),
  'scalekit.v1.domains.CreateDomainRequest.external_id': ANY_EXTERNAL_ID,
  'scalekit.v1.domains.UpdateDomainRequest.external_id': ANY_EXTERNAL_ID,
  'scalekit.v1.domains.VerifyDomainRequest.external_id': ANY_EXTERNAL_ID,
  'scalekit.v1.domains.GetDomainRequest.external_id': ANY_EXTERNAL_ID,
  'scalekit.v1.domains.DeleteDomainRequest.external_id': ANY_EXTERNAL_ID,
  'scalekit.v1.domains.ListDomainRequest.external_id': ANY_EXTERNAL_ID,
  'scalekit.v1.directories.ListDirectoryUsersRequest.page_size': DIRECTORY_PAGE,
  'scalekit.v1.directories.ListDirectoryGroupsRequest.page_size': DIRECTORY_PAGE,
  'scalekit.v1.organizations.ListOrganizationsRequest.page_size': LIST_PAGE,
  'scalekit.v1.domains.ListDomainRequest.page_size': LIST_PAGE,
  'scalekit.v1.users.ListUsersRequest.page_size': LIST_PAGE,
  'scalekit.v1.events.ListEventsRequest.page_size': LIST_PAGE,
  'scalekit.v1.events.ListEventsPaginatedRequest.page_size': LIST_PAGE,
};
