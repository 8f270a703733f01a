import { clientAddressOf } from '@/lib/adapters/client-address';
import { managementApi } from '@/lib/adapters/rpc/api';

export const dynamic = 'force-dynamic';

function answer(request: Request): Promise<Response> {
  return managementApi().fetchHandler(request, clientAddressOf(request));
}

/** Connect calls methods without side effects by GET too. */
export { answer as GET, answer as POST };
