import { answerLink } from '@/lib/adapters/portal/redeem';
import { portalSite } from '@/lib/adapters/portal/site';

interface Params {
  readonly params: Promise<{ token: string }>;
}

async function answer(request: Request, { params }: Params): Promise<Response> {
  return answerLink(request, (await params).token, portalSite());
}

export { answer as GET, answer as HEAD, answer as POST };
