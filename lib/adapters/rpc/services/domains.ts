import type {
  DomainService,
  GetDomainRequest,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb.js';
import type { Context } from '@/lib/core/context';
import { invalidField } from '@/lib/core/error';
import * as domains from '@/lib/domain/email-domain/commands';
import { getDomain, listDomains } from '@/lib/domain/email-domain/queries';
import type { LookUpTxt } from '@/lib/domain/email-domain/types';
import { getOrganizationByExternalId } from '@/lib/domain/organization/queries';
import type { ServiceImplementation } from '../descriptors';
import { readDomainType, writeDomain } from './domain-wire';

/** The largest 32-bit number: pages are counted by those. */
const MAX_PAGE_NUMBER = 2 ** 31 - 1;

/**
 * DomainService, but for what has no meaning here: UpdateDomain, which carries no field. Domains are stored whatever the features of
 * the organization are. @param lookUpTxt asks DNS
 */
export function createDomainService(lookUpTxt: LookUpTxt): ServiceImplementation<typeof DomainService> {
  return {
    async createDomain({ identities, connectionId, domain }, { ctx }) {
      if (!domain) throw invalidField('domain', 'domain is required.');
      const created = await domains.createDomain(ctx, {
        organizationId: await findOrganizationId(ctx, identities),
        domain: domain.domain,
        type: readDomainType(domain.domainType),
        connectionId: connectionId || undefined,
      });
      return { domain: writeDomain(created) };
    },
    async getDomain({ identities, id }, { ctx }) {
      const organizationId = await findOrganizationId(ctx, identities);
      return { domain: writeDomain(await getDomain(ctx, { organizationId, domainId: id })) };
    },
    async listDomains({ identities, domainType, connectionId, pageSize, pageNumber = 0 }, { ctx }) {
      if (pageNumber < 0 || pageNumber > MAX_PAGE_NUMBER) {
        throw invalidField('page_number', 'Pages are counted from 0.');
      }
      const page = await listDomains(ctx, {
        organizationId: await findOrganizationId(ctx, identities),
        type: readDomainType(domainType),
        connectionId: connectionId || undefined,
        pageSize,
        pageNumber,
      });
      return { ...page, domains: page.domains.map(writeDomain) };
    },
    async verifyDomain({ identities, id }, { ctx }) {
      const organizationId = await findOrganizationId(ctx, identities);
      const { status } = await domains.verifyDomain(ctx, { organizationId, domainId: id, lookUpTxt });
      return { verified: status === 'VERIFIED' };
    },
    async deleteDomain({ identities, id, connectionId }, { ctx }) {
      const organizationId = await findOrganizationId(ctx, identities);
      await domains.deleteDomain(ctx, { organizationId, domainId: id, connectionId: connectionId || undefined });
      return {};
    },
  };
}

async function findOrganizationId(ctx: Context, identities: GetDomainRequest['identities']): Promise<string> {
  if (identities.case === 'organizationId') return identities.value;
  if (identities.case === 'externalId') return (await getOrganizationByExternalId(ctx, identities.value)).id;
  throw invalidField('organization_id', 'Name the organization by organization_id or by external_id.');
}
