import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Context, systemContext } from '@/lib/core/context';
import type { Database } from '@/lib/db/handle';
import { openTestDatabase } from '@/lib/db/testing';
import { createOrganization, deleteOrganization } from '@/lib/domain/organization/commands';
import { addRedirectUri, createLink, revokeLink } from '@/lib/domain/portal/commands';
import { listLinks } from '@/lib/domain/portal/queries';
import { EMBED_LINK_SECONDS, type LinkKind } from '@/lib/domain/portal/types';
import { readTicket } from './cookie';
import { answerLink } from './redeem';
import { readVisit } from './session';

const site = { publicOrigin: 'http://localhost:3000', isSecure: false };
const BY_A_PERSON = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
const framedBy = (referer: string) => ({ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe', referer });

let db: Database;
let organizationId: string;
const ctx = systemContext('test');

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  organizationId = (await createOrganization(ctx, { displayName: 'Acme' })).id;
});

async function makeLink(kind: LinkKind = 'embed', by: Context = ctx): Promise<string> {
  return (await createLink(by, { organizationId, kind })).token;
}

function load(token: string, headers: Record<string, string> = BY_A_PERSON, method = 'GET'): Promise<Response> {
  return answerLink(new Request(`${site.publicOrigin}/magicLink/${token}`, { method, headers }), token, site);
}

/** The session that a redirect leads to, and its cookies as the browser keeps them. */
function opened(response: Response): { sessionId: string; cookie: string; linkCookie: string } {
  expect(response.status).toBe(303);
  const sessionId = /^\/portal\/(ps_\d+)$/.exec(response.headers.get('location') ?? '')?.[1];
  const [session, link] = response.headers.getSetCookie().map((line) => line.split(';')[0]!);
  return { sessionId: sessionId!, cookie: session!.split('=')[1]!, linkCookie: link! };
}

async function timesUsed(): Promise<number> {
  const links = await listLinks(ctx, { organizationId });
  return links.reduce((sum, link) => sum + link.useCount, 0);
}

describe('a single-use link', () => {
  test('opened by ten requests at once opens exactly one session', async () => {
    const token = await makeLink();
    const answers = await Promise.all(Array.from({ length: 10 }, () => load(token)));
    expect(answers.filter((answer) => answer.status === 303)).toHaveLength(1);
    const others = answers.filter((answer) => answer.status !== 303);
    expect(others.map((answer) => answer.status)).toEqual(Array(9).fill(410));
    expect(await others[0]!.text()).toContain('This link was already used');
    const rows = await db.sql.rows<{ count: number }>(
      'select count(*)::int as count from portal_session where organization_id = $1::text',
      [organizationId],
    );
    expect(rows[0]!.count).toBe(1);
  });

  test('opens a session that its cookie, and no other, can visit', async () => {
    const { sessionId, cookie } = opened(await load(await makeLink()));
    const other = opened(await load(await makeLink()));
    expect((await readVisit({ sessionId, cookie }))?.organization.id).toBe(organizationId);
    expect(await readVisit({ sessionId, cookie: other.cookie })).toBeUndefined();
    expect(await readVisit({ sessionId, cookie: undefined })).toBeUndefined();
    expect(await readVisit({ sessionId: 'usr_1', cookie })).toBeUndefined();
  });

  test('loaded again by the browser that holds its session goes to that session', async () => {
    const token = await makeLink();
    const { sessionId, linkCookie } = opened(await load(token));
    const again = await load(token, { ...BY_A_PERSON, cookie: linkCookie });
    expect(again.status).toBe(303);
    expect(again.headers.get('location')).toBe(`/portal/${sessionId}`);
    expect(await timesUsed()).toBe(1);
  });

  test('is not opened by the session of another link', async () => {
    const token = await makeLink();
    await load(token);
    const { linkCookie } = opened(await load(await makeLink()));
    expect((await load(token, { ...BY_A_PERSON, cookie: linkCookie })).status).toBe(410);
  });
});

describe('nothing is redeemed', () => {
  test.each([
    ['by HEAD', 'HEAD', BY_A_PERSON],
    ['by a prefetch', 'GET', { ...BY_A_PERSON, 'sec-purpose': 'prefetch' }],
    ['by a client without Sec-Fetch headers', 'GET', {}],
    ['by an unregistered page that frames it', 'GET', framedBy('https://evil.example/')],
  ])('%s, and the link still opens afterwards', async (_, method, headers: Record<string, string>) => {
    const token = await makeLink();
    const answer = await load(token, headers, method);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect([200, 403]).toContain(answer.status);
    expect(await timesUsed()).toBe(0);
    expect((await load(token)).status).toBe(303);
  });

  test('the page that asks has a form that opens the link', async () => {
    const token = await makeLink();
    const page = await load(token, {});
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/<form method="post"><button type="submit">Continue<\/button>/);
    expect((await load(token, { origin: 'null' }, 'POST')).status).toBe(303);
  });
});

describe('a link that does not open says why, and keeps its token to itself:', () => {
  const dead: [string, number, string, () => Promise<string>][] = [
    ['unknown', 404, 'This link does not exist', () => Promise.resolve('00000000-0000-4000-8000-000000000000')],
    ['malformed', 404, 'This link does not exist', () => Promise.resolve('"><script>')],
    [
      'expired',
      410,
      'This link has expired',
      () => makeLink('embed', { ...ctx, now: () => new Date(Date.now() - (EMBED_LINK_SECONDS + 1) * 1000) }),
    ],
    [
      'used',
      410,
      'This link was already used',
      async () => {
        const token = await makeLink();
        await load(token);
        return token;
      },
    ],
    [
      'revoked',
      410,
      'This link was withdrawn',
      async () => {
        const token = await makeLink('share');
        await revokeLink(ctx, { organizationId, link: token });
        return token;
      },
    ],
    [
      'of a deleted organization',
      410,
      'This link was withdrawn',
      async () => {
        const token = await makeLink('share');
        await deleteOrganization(ctx, { id: organizationId });
        return token;
      },
    ],
  ];

  test.each(dead)('%s', async (_, status, title, make) => {
    const token = await make();
    const answer = await load(token);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('x-robots-tag')).toContain('noindex');
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    const html = await answer.text();
    expect(html).toContain(`<title>${title}</title>`);
    expect(html).toContain('PORTAL_LOAD_FAILURE');
    expect(html).not.toContain(token);
  });
});

describe('a link made for sharing', () => {
  test('opens a session for each browser', async () => {
    const token = await makeLink('share');
    const first = opened(await load(token));
    const second = opened(await load(token));
    expect(second.sessionId).not.toBe(first.sessionId);
    expect(await timesUsed()).toBe(2);
  });

  test('ends its sessions when it is revoked', async () => {
    const token = await makeLink('share');
    const { sessionId, cookie } = opened(await load(token));
    await revokeLink(ctx, { organizationId, link: token });
    expect(await readVisit({ sessionId, cookie })).toBeUndefined();
  });
});

test('a registered page may frame the portal, and the session remembers it', async () => {
  await addRedirectUri(ctx, { uri: 'https://app.example/settings', isLenient: false });
  const { cookie } = opened(await load(await makeLink(), framedBy('https://app.example/')));
  expect(readTicket(cookie)?.parentOrigin).toBe('https://app.example');
  const asked = await load(await makeLink(), {});
  expect(asked.headers.get('content-security-policy')).toMatch(/frame-ancestors 'self' https:\/\/app\.example$/);
});
