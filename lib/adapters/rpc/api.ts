import { processSetup } from '@/lib/core/data-folder.mjs';
import type { LookUpTxt } from '@/lib/domain/email-domain/types';
import { lookUpTxt } from '../dns/txt-lookup';
import { createAuthenticate } from '../oauth/authenticate';
import type { Authenticate } from './context';
import type { ServiceImplementations } from './descriptors';
import { RateLimit } from './rate-limit';
import { createRpc, type Rpc } from './router';
import { createClientService } from './services/clients';
import { createConnectionService } from './services/connections';
import { createDirectoryService } from './services/directories';
import { createDomainService } from './services/domains';
import { createEventService } from './services/events';
import { createOrganizationService } from './services/organizations';
import { createRoleService } from './services/roles';
import { refuseUnstorableText } from './services/storable-text';
import { createUserService } from './services/users';

let api: Rpc | undefined;

/**
 * Who may call the management API and what answers it. Services that are not in it answer "unimplemented".
 * @param publicOrigin what links, endpoints and the issuer of tokens are made from
 * @param outside what reaches other services; the real ones unless given
 */
export function describeManagementApi(
  publicOrigin: string,
  outside: { readonly lookUpTxt: LookUpTxt } = { lookUpTxt: (name) => lookUpTxt(name) },
): {
  authenticate: Authenticate;
  services: ServiceImplementations;
} {
  return {
    authenticate: createAuthenticate(publicOrigin),
    services: refuseUnstorableText({
      organizations: createOrganizationService(publicOrigin),
      directories: createDirectoryService(publicOrigin),
      domains: createDomainService(outside.lookUpTxt),
      connections: createConnectionService(),
      roles: createRoleService(),
      users: createUserService(),
      events: createEventService(),
      clients: createClientService(),
    }),
  };
}

/** The management API of this process, made at the first call. Throws before boot has set up the process. */
export function managementApi(): Rpc {
  if (!api) {
    const { publicOrigin, apiCallsPerSecond } = processSetup().config;
    api = createRpc({ ...describeManagementApi(publicOrigin), rateLimit: new RateLimit(apiCallsPerSecond) });
  }
  return api;
}
