import { answerOpenApiRequest } from '@/lib/adapters/rpc/openapi';
import { processSetup } from '@/lib/core/data-folder.mjs';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Response {
  return answerOpenApiRequest(request, processSetup().config.publicOrigin);
}
