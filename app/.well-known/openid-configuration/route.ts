import { describeServer } from '@/lib/adapters/oauth/metadata';
import { processSetup } from '@/lib/core/data-folder.mjs';

export const dynamic = 'force-dynamic';

export function GET(): Response {
  return Response.json(describeServer(processSetup().config.publicOrigin));
}
