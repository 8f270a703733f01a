import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { RegionCode } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb.js';
import type {
  GetOrganizationRequest,
  LinkSchema,
  OrganizationSchema,
  OrganizationService,
  OrganizationSettings,
  UpdateOrganizationRequest,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import type { Context } from '@/lib/core/context';
import { invalidField } from '@/lib/core/error';
import type { Page } from '@/lib/core/page';
import * as organizations from '@/lib/domain/organization/commands';
import {
  getOrganization,
  getOrganizationByExternalId,
  getSessionPolicy,
  getUserManagementSettings,
  listOrganizations,
} from '@/lib/domain/organization/queries';
import {
  type Feature,
  featureSettings,
  FEATURES,
  type Organization,
  readFeature,
} from '@/lib/domain/organization/types';
import { createLink, revokeAllLinks, revokeLink } from '@/lib/domain/portal/commands';
import { listLinks } from '@/lib/domain/portal/queries';
import type { ServiceImplementation } from '../descriptors';
import { chooseFeatures } from './link-features';
import { readSessionPolicy, writeSessionPolicy } from './session-policy-wire';
import { selectFields } from './update-mask';

type Identities = GetOrganizationRequest['identities'];

/** OrganizationService, as far as it is built. @param publicOrigin where portal links point */
export function createOrganizationService(publicOrigin: string): ServiceImplementation<typeof OrganizationService> {
  return {
    async createOrganization({ organization }, { ctx }) {
      if (!organization) throw invalidField('organization', 'organization is required.');
      if (organization.regionCode === RegionCode.EU) {
        throw invalidField('organization.region_code', 'This server has one region, US. Leave region_code out.');
      }
      const { displayName, externalId, slug, logoUrl, metadata } = organization;
      const created = await organizations.createOrganization(ctx, { displayName, externalId, slug, logoUrl, metadata });
      return { organization: toWire(created) };
    },
    async getOrganization({ identities }, { ctx }) {
      return { organization: toWire(await findOrganization(ctx, identities)) };
    },
    async getOrganizationByExternalId({ identities }, { ctx }) {
      if (identities.case !== 'externalId') {
        throw invalidField('external_id', 'Name the organization by external_id. For its id there is GetOrganization.');
      }
      return { organization: toWire(await findOrganization(ctx, identities)) };
    },
    async listOrganization({ pageSize, pageToken, externalId }, { ctx }) {
      return toWirePage(await listOrganizations(ctx, { pageSize, pageToken, externalId: externalId || undefined }));
    },
    async searchOrganization({ query, pageSize, pageToken }, { ctx }) {
      return toWirePage(await listOrganizations(ctx, { search: query, pageSize, pageToken }));
    },
    async updateOrganization(request, { ctx }) {
      const fields = selectFields(request);
      const id = await findId(ctx, request.identities);
      return { organization: toWire(await organizations.updateOrganization(ctx, { ...fields, id })) };
    },
    async deleteOrganization({ identities }, { ctx }) {
      await organizations.deleteOrganization(ctx, { id: await findId(ctx, identities) });
      return {};
    },
    async updateOrganizationSettings({ id, settings }, { ctx }) {
      const updated = await organizations.setFeatures(ctx, { id, features: readSettings(settings) });
      return { organization: toWire(updated) };
    },
    async upsertUserManagementSettings({ organizationId, settings }, { ctx }) {
      const maxAllowedUsers = settings?.maxAllowedUsers ?? null;
      await organizations.setUserManagementSettings(ctx, { id: organizationId, maxAllowedUsers });
      return { settings: { maxAllowedUsers: maxAllowedUsers ?? undefined } };
    },
    async getOrganizationUserManagementSetting({ organizationId }, { ctx }) {
      const { maxAllowedUsers } = await getUserManagementSettings(ctx, organizationId);
      return { settings: { maxAllowedUsers: maxAllowedUsers ?? undefined } };
    },
    async updateOrganizationSessionPolicy(request, { ctx }) {
      const policy = readSessionPolicy(request);
      return {
        policy: writeSessionPolicy(await organizations.setSessionPolicy(ctx, { id: request.organizationId, policy })),
      };
    },
    async getOrganizationSessionPolicy({ organizationId }, { ctx }) {
      return { policy: writeSessionPolicy(await getSessionPolicy(ctx, organizationId)) };
    },
    async generatePortalLink(request, { ctx }) {
      const features = chooseFeatures(request);
      const { link, token } = await createLink(ctx, { organizationId: request.id, kind: 'embed', features });
      return {
        link: {
          id: token,
          location: `${publicOrigin}/magicLink/${token}`,
          expireTime: timestampFromDate(link.expiresAt),
        },
      };
    },
    async getPortalLinks({ id }, { ctx }) {
      return { links: await listLiveLinks(ctx, id) };
    },
    async deletePortalLink({ id }, { ctx }) {
      await revokeAllLinks(ctx, { organizationId: id });
      return {};
    },
    async deletePortalLinkByID({ id, linkId }, { ctx }) {
      await revokeLink(ctx, { organizationId: id, link: linkId.toLowerCase() });
      return {};
    },
  };
}

async function findOrganization(ctx: Context, identities: Identities): Promise<Organization> {
  if (identities.case === 'id') return getOrganization(ctx, identities.value);
  if (identities.case === 'externalId') return getOrganizationByExternalId(ctx, identities.value);
  throw invalidField('id', 'Name the organization by id or by external_id.');
}

async function findId(ctx: Context, identities: UpdateOrganizationRequest['identities']): Promise<string> {
  return identities.case === 'id' ? identities.value : (await findOrganization(ctx, identities)).id;
}

/** The live links of both kinds. Asked for one by one, since many embedded links would push shared ones out of the list. */
async function listLiveLinks(ctx: Context, organizationId: string): Promise<MessageInitShape<typeof LinkSchema>[]> {
  const shared = await listLinks(ctx, { organizationId, kind: 'share' });
  const embedded = await listLinks(ctx, { organizationId, kind: 'embed' });
  return [...shared, ...embedded]
    .filter((link) => link.state === 'live')
    .map((link) => ({ id: link.id, location: '', expireTime: timestampFromDate(link.expiresAt) }));
}

function readSettings(settings: OrganizationSettings | undefined): { name: Feature; enabled: boolean }[] {
  if (!settings) throw invalidField('settings', 'settings is required.');
  return settings.features.map(({ name, enabled }, at) => {
    const feature = readFeature(name);
    if (feature) return { name: feature, enabled };
    throw invalidField(
      `settings.features[${at}].name`,
      `There is no feature ${name}. There are ${FEATURES.join(', ')}.`,
    );
  });
}

function toWire(organization: Organization): MessageInitShape<typeof OrganizationSchema> {
  return {
    id: organization.id,
    createTime: timestampFromDate(organization.createdAt),
    updateTime: timestampFromDate(organization.updatedAt),
    displayName: organization.displayName,
    regionCode: RegionCode.US,
    externalId: organization.externalId ?? undefined,
    metadata: { ...organization.metadata },
    settings: { features: featureSettings(organization) },
    slug: organization.slug ?? undefined,
    logoUrl: organization.logoUrl ?? undefined,
  };
}

function toWirePage(page: Page<Organization>) {
  return {
    organizations: page.items.map(toWire),
    totalSize: page.totalSize,
    nextPageToken: page.nextPageToken,
    prevPageToken: page.prevPageToken,
  };
}
