import { clientAddressOf } from '@/lib/adapters/client-address';
import { managementApi } from '@/lib/adapters/rpc/api';

export const dynamic = 'force-dynamic';

function answer(request: Request): Promise<Response> {
  return managementApi().rest(request, clientAddressOf(request));
}

export {
  answer as DELETE,
  answer as GET,
  answer as HEAD,
  answer as OPTIONS,
  answer as PATCH,
  answer as POST,
  answer as PUT,
};
