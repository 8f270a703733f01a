import { isReadyToServe } from '@/lib/adapters/health';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  const isReady = await isReadyToServe();
  return Response.json(
    { status: isReady ? 'ok' : 'unavailable' },
    { status: isReady ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  );
}
