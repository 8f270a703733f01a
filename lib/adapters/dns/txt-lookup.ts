import { Resolver } from 'node:dns/promises';
import { AppError } from '@/lib/core/error';

/** One try of one name server. */
const TRY_TIMEOUT_MS = 2_000;
const TRIES = 2;
/** All name servers together, well under the deadline of a call. */
const TIMEOUT_MS = 8_000;

/** What resolvers answer for a name that does not exist, has no TXT record, or that DNS cannot have. */
const ABSENT: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/**
 * The TXT records at `name`, each joined to one text; empty if there are none.
 * @param servers the name servers to ask, as `address:port`; those of the machine unless given
 * @throws unavailable if no name server answers in time
 */
export async function lookUpTxt(name: string, servers?: readonly string[]): Promise<string[]> {
  const resolver = new Resolver({ timeout: TRY_TIMEOUT_MS, tries: TRIES });
  if (servers) resolver.setServers(servers);
  const timer = setTimeout(() => resolver.cancel(), TIMEOUT_MS);
  try {
    return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
  } catch (error) {
    if (ABSENT.has((error as { code?: unknown }).code)) return [];
    throw new AppError('unavailable', 'The name servers of this domain did not answer. Try again in a few minutes.', {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}
