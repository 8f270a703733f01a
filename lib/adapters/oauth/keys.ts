import { newContext } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { listPublicKeys } from '@/lib/domain/credential/queries';

/** A key is listed long before it signs, so an answer may be a few minutes old. */
const KEYS_CACHE_SECONDS = 300;

/** Answers `GET /keys`: the public keys as a JWK set (RFC 7517 §5). Never throws. */
export async function answerKeysRequest(): Promise<Response> {
  const ctx = newContext({ kind: 'anonymous' });
  try {
    const keys = await listPublicKeys(ctx);
    return Response.json({ keys }, { headers: { 'cache-control': `public, max-age=${KEYS_CACHE_SECONDS}` } });
  } catch (error) {
    const isStarting = error instanceof AppError && error.code === 'unavailable';
    if (!isStarting) console.error(`Reading the public keys failed, request ${ctx.requestId}:`, error);
    return Response.json(
      { error: isStarting ? 'temporarily_unavailable' : 'server_error', request_id: ctx.requestId },
      { status: isStarting ? 503 : 500, headers: { 'cache-control': 'no-store' } },
    );
  }
}
