import { processSetup } from '@/lib/core/data-folder.mjs';
import type { Scim } from './mounts';
import { createScim } from './serve';

let endpoint: Scim | undefined;

/** The SCIM endpoint of this process, made at the first call. Throws before boot has set up the process. */
export function scimEndpoint(): Scim {
  endpoint ??= createScim({ publicOrigin: processSetup().config.publicOrigin });
  return endpoint;
}
