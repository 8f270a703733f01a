import { clientAddressOf } from '@/lib/adapters/client-address';
import { answerTokenRequest } from '@/lib/adapters/oauth/token';
import { processSetup } from '@/lib/core/data-folder.mjs';

export const dynamic = 'force-dynamic';

export function POST(request: Request): Promise<Response> {
  const issuer = processSetup().config.publicOrigin;
  return answerTokenRequest(request, { issuer, clientAddress: clientAddressOf(request) });
}
