import { scimEndpoint } from '@/lib/adapters/scim/endpoint';
import { fetchMount } from '@/lib/adapters/scim/mounts';

/** The same endpoint as the lane ahead of Next, for development and for hosts that run plain Next. */
const serve = (request: Request) => fetchMount(scimEndpoint())(request);

export { serve as DELETE, serve as GET, serve as HEAD, serve as OPTIONS, serve as PATCH, serve as POST, serve as PUT };
