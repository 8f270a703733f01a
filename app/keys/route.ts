import { answerKeysRequest } from '@/lib/adapters/oauth/keys';

export const dynamic = 'force-dynamic';

export function GET(): Promise<Response> {
  return answerKeysRequest();
}
