import type { UpdateOrganizationRequest } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { invalidField } from '@/lib/core/error';
import type { OrganizationFields } from '@/lib/domain/organization/commands';

/** Each path of a mask, and what a field that is named but not sent becomes. */
const PATHS = {
  display_name: { field: 'displayName', empty: '' },
  external_id: { field: 'externalId', empty: '' },
  slug: { field: 'slug', empty: '' },
  logo_url: { field: 'logoUrl', empty: '' },
  metadata: { field: 'metadata', empty: {} },
} as const;

type Path = keyof typeof PATHS;

/**
 * The fields that an update changes. With an `update_mask` those it names, cleared if they were not sent; without one those that
 * are present, and metadata if there is any, which cannot be sent empty. Throws `invalid_argument` for a path that is not a field.
 */
export function selectFields(
  request: Pick<UpdateOrganizationRequest, 'organization' | 'updateMask'>,
): OrganizationFields {
  const { displayName, externalId, slug, logoUrl, metadata = {} } = request.organization ?? {};
  const sent: OrganizationFields = { displayName, externalId, slug, logoUrl, metadata };
  const paths = request.updateMask?.paths ?? [];
  if (paths.length === 0) return Object.keys(metadata).length > 0 ? sent : { ...sent, metadata: undefined };
  const fields = paths.flatMap(expandPath).map((path) => {
    const { field, empty } = PATHS[path];
    return [field, sent[field] ?? empty] as const;
  });
  return Object.fromEntries(fields);
}

/** Paths count from the organization, with or without its name in front; `*` means all of it. */
function expandPath(path: string): Path[] {
  const name = path.replace(/^organization\.(?=.)/, '');
  if (name === '*' || name === 'organization') return Object.keys(PATHS) as Path[];
  if (Object.hasOwn(PATHS, name)) return [name as Path];
  const known = Object.keys(PATHS).join(', ');
  throw invalidField('update_mask', `update_mask names ${path}, which cannot be changed. It may name ${known}.`);
}
