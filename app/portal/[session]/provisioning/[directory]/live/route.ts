import { openDirectory } from '@/lib/adapters/portal/directory';
import { readLive } from '@/lib/adapters/portal/live';

const STATUS = { ended: 401, hidden: 403, gone: 404 } as const;
const HEADERS = { 'cache-control': 'no-store' };

/** What the live view shows, as JSON, for the page that asks every two seconds. */
export async function GET(
  _: Request,
  { params }: { params: Promise<{ session: string; directory: string }> },
): Promise<Response> {
  const { session, directory } = await params;
  const found = await openDirectory(session, directory);
  if (found.kind !== 'open')
    return Response.json({ error: found.kind }, { status: STATUS[found.kind], headers: HEADERS });
  return Response.json(await readLive(found.visit, found.directory), { headers: HEADERS });
}
