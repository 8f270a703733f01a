import { processSetup } from '@/lib/core/data-folder.mjs';
import { createAuthenticate } from '../oauth/authenticate';
import type { Authenticate } from './context';
import type { ServiceImplementations } from './descriptors';
import { createRpc, type Rpc } from './router';
import { createDirectoryService } from './services/directories';
import { createOrganizationService } from './services/organizations';
import { createRoleService } from './services/roles';
import { refuseUnstorableText } from './services/storable-text';

let api: Rpc | undefined;

/**
 * Who may call the management API and what answers it. Services that are not in it answer "unimplemented".
 * @param publicOrigin what links, endpoints and the issuer of tokens are made from
 */
export function describeManagementApi(publicOrigin: string): {
  authenticate: Authenticate;
  services: ServiceImplementations;
} {
  return {
    authenticate: createAuthenticate(publicOrigin),
    services: refuseUnstorableText({
      organizations: createOrganizationService(publicOrigin),
      directories: createDirectoryService(publicOrigin),
      roles: createRoleService(),
    }),
  };
}

/** The management API of this process, made at the first call. Throws before boot has set up the process. */
export function managementApi(): Rpc {
  api ??= createRpc(describeManagementApi(processSetup().config.publicOrigin));
  return api;
}
