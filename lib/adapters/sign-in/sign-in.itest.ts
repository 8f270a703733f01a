import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { newContext, systemContext } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { openTestDatabase } from '@/lib/db/testing';
import type { Database } from '@/lib/db/handle';
import {
  acceptInvitation,
  createFirstOperator,
  ensureGivenOperator,
  ensureInstallation,
  inviteCustomerAdmin,
  issueSetupToken,
  signOutEverywhere,
} from '@/lib/domain/operator/commands';
import { findInvitation, findSignedIn, isSetupToken, listCustomerAdmins } from '@/lib/domain/operator/queries';
import { createOrganization, deleteOrganization } from '@/lib/domain/organization/commands';
import { operatorAction } from '../action';
import { authOptions } from './auth-options';
import { checkPassword } from './check-password';
import { goTo } from './go-to';
import { currentSignedIn, requireCustomerAdmin, requireOperator } from './guard';
import { closeSession, openSession } from './session';
import { sealSessionId, sessionCookie } from './session-cookie';

const ORIGIN = 'http://localhost:3000';
const COOKIE = sessionCookie(false).name;
const PASSWORD = 'correct horse battery staple';
const OPERATOR = { email: 'dana@operator.example', password: PASSWORD };

let requestHeaders = new Headers();
const jar = new Map<string, string>();

vi.mock('next/headers', () => ({
  headers: () => Promise.resolve(requestHeaders),
  cookies: () =>
    Promise.resolve({
      get: (name: string) => (jar.has(name) ? { name, value: jar.get(name)! } : undefined),
      set: (name: string, value: string) => (value === '' ? jar.delete(name) : jar.set(name, value)),
    }),
}));
vi.mock('@/lib/core/data-folder.mjs', () => ({
  processSetup: () => ({ config: { publicOrigin: ORIGIN, isPublicUrlSecure: false } }),
}));

let db: Database;
const system = systemContext('test');
const anonymous = newContext({ kind: 'anonymous' });

/** A context whose clock is `minutes` ahead. */
function later(minutes: number) {
  return { ...anonymous, now: () => new Date(Date.now() + minutes * 60_000) };
}

async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw new Error('No AppError was thrown.', { cause: error });
}

async function redirectOf(work: Promise<unknown>): Promise<string | undefined> {
  const error = (await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )) as { digest?: string } | undefined;
  return error?.digest?.split(';')[2];
}

let count = 0;

/** A new customer with one admin, who has the password of everyone here. */
async function addCustomerAdmin() {
  const organization = await createOrganization(system, { displayName: 'Acme' });
  count += 1;
  const email = `kim${count}@acme.example`;
  const { token } = await inviteCustomerAdmin(system, { organizationId: organization.id, email });
  const account = await acceptInvitation(anonymous, { token, name: 'Kim', password: PASSWORD });
  return { organization, account, email };
}

beforeAll(async () => {
  process.env['NEXTAUTH_SECRET'] = 'a secret that is made for this test only';
  db = await openTestDatabase();
  await ensureInstallation(system);
});

afterAll(() => db.close());

beforeEach(() => {
  jar.clear();
  requestHeaders = new Headers({ origin: ORIGIN, 'user-agent': 'test' });
});

describe('the first operator', () => {
  test('is made once, by whoever holds the newest set-up token', async () => {
    const old = await issueSetupToken(system);
    const token = await issueSetupToken(system);
    expect(await isSetupToken(old!)).toBe(false);
    const create = (name: string, given: string) =>
      createFirstOperator(anonymous, { token: given, email: OPERATOR.email, name, password: PASSWORD });
    expect((await failureOf(create('Too late', old!))).code).toBe('failed_precondition');
    const results = await Promise.allSettled([create('Dana', token!), create('Dana', token!), create('Dana', token!)]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await isSetupToken(token!)).toBe(false);
    expect(await issueSetupToken(system)).toBeUndefined();
    await ensureGivenOperator(system, { email: 'second@operator.example', password: PASSWORD });
    expect((await failureOf(openSession({ email: 'second@operator.example', password: PASSWORD }))).code).toBe(
      'unauthenticated',
    );
  });
});

describe('signing in', () => {
  test('puts the session into the cookie and nothing else', async () => {
    const signedIn = await openSession(OPERATOR);
    expect([...jar.keys()]).toEqual([COOKIE]);
    expect(await currentSignedIn()).toMatchObject({ sessionId: signedIn.sessionId, expiresAt: signedIn.expiresAt });
    const { ctx } = await requireOperator();
    expect(ctx.actor).toEqual({ kind: 'operator', id: signedIn.account.id, email: OPERATOR.email });
  });

  test('again in the same browser ends the session before', async () => {
    const first = await openSession(OPERATOR);
    await openSession(OPERATOR);
    expect(await findSignedIn(anonymous, first.sessionId)).toBeUndefined();
  });

  test('is refused for a wrong password and for an unknown address in the same words', async () => {
    const wrong = await failureOf(openSession({ ...OPERATOR, password: 'not the right password' }));
    const unknown = await failureOf(openSession({ email: 'nobody@operator.example', password: PASSWORD }));
    expect([wrong.code, wrong.message]).toEqual([unknown.code, unknown.message]);
    expect(jar.size).toBe(0);
  });

  test('is locked after five wrong passwords, says for how long, and opens again', async () => {
    const { email } = await addCustomerAdmin();
    const guess = () => checkPassword(anonymous, { email, password: 'not the right password' });
    for (let i = 0; i < 5; i += 1) expect((await failureOf(guess())).code).toBe('unauthenticated');
    const locked = await failureOf(checkPassword(anonymous, { email, password: PASSWORD }));
    expect(locked.code).toBe('resource_exhausted');
    expect(locked.message).toMatch(/Try again in 1[45] minutes\.$/);
    const nearlyOver = await failureOf(checkPassword(later(14.5), { email, password: PASSWORD }));
    expect(nearlyOver.message).toBe('Too many wrong passwords. Try again in 1 minute.');
    const { account } = await checkPassword(later(15.1), { email, password: PASSWORD });
    expect(account.email).toBe(email);
  });

  test('a right password between wrong ones starts the count again', async () => {
    const { email } = await addCustomerAdmin();
    const guess = () => failureOf(checkPassword(anonymous, { email, password: 'not the right password' }));
    for (let i = 0; i < 4; i += 1) await guess();
    await checkPassword(anonymous, { email, password: PASSWORD });
    for (let i = 0; i < 4; i += 1) expect((await guess()).code).toBe('unauthenticated');
    await expect(checkPassword(anonymous, { email, password: PASSWORD })).resolves.toBeDefined();
  });

  test('guesses made at once are all counted, and no more than five are checked', async () => {
    const { email } = await addCustomerAdmin();
    const guesses = Array.from({ length: 9 }, (_, i) =>
      failureOf(
        checkPassword(anonymous, { email: i % 2 ? email.toUpperCase() : email, password: `guess number ${i}` }),
      ),
    );
    const codes = (await Promise.all(guesses)).map(({ code }) => code);
    expect(codes.filter((code) => code === 'unauthenticated')).toHaveLength(5);
    expect(codes.filter((code) => code === 'resource_exhausted')).toHaveLength(4);
    const right = await failureOf(checkPassword(anonymous, { email, password: PASSWORD }));
    expect(right.code).toBe('resource_exhausted');
  });

  test('of very many guesses at once most are turned away unchecked', async () => {
    const guesses = Array.from({ length: 50 }, () =>
      failureOf(checkPassword(anonymous, { email: 'flood@operator.example', password: 'any password at all' })),
    );
    const codes = (await Promise.all(guesses)).map(({ code }) => code);
    expect(codes.filter((code) => code === 'resource_exhausted')).toHaveLength(40);
  });
});

describe('a session', () => {
  test('is refused once it was ended, though the cookie is still there', async () => {
    const { sessionId } = await openSession(OPERATOR);
    const copy = jar.get(COOKIE)!;
    await closeSession();
    expect(jar.size).toBe(0);
    jar.set(COOKIE, copy);
    expect(await findSignedIn(anonymous, sessionId)).toBeUndefined();
    expect(await redirectOf(requireOperator())).toBe('/login');
  });

  test('is refused once the person was signed out everywhere', async () => {
    const { account } = await openSession(OPERATOR);
    await signOutEverywhere(system, { accountId: account.id });
    expect(await currentSignedIn()).toBeUndefined();
  });

  test('is refused when the cookie was altered, was made with another secret or carries something else', async () => {
    const { sessionId } = await openSession(OPERATOR);
    const good = jar.get(COOKIE)!;
    const secret = process.env['NEXTAUTH_SECRET'];
    process.env['NEXTAUTH_SECRET'] = 'another secret';
    const foreign = await sealSessionId(sessionId);
    process.env['NEXTAUTH_SECRET'] = secret;
    const middle = Math.floor(good.length / 2);
    const altered = good.slice(0, middle) + (good[middle] === 'A' ? 'B' : 'A') + good.slice(middle + 1);
    for (const value of ['', 'nonsense', sessionId, foreign, altered]) {
      jar.set(COOKIE, value);
      expect(await currentSignedIn()).toBeUndefined();
    }
    jar.set(COOKIE, good);
    expect(await currentSignedIn()).toBeDefined();
  });

  test('of a customer ends with the customer', async () => {
    const { organization, email } = await addCustomerAdmin();
    await openSession({ email, password: PASSWORD });
    expect(await currentSignedIn()).toBeDefined();
    await deleteOrganization(system, { id: organization.id });
    expect(await currentSignedIn()).toBeUndefined();
  });
});

describe('the guards', () => {
  test('lead a visitor to sign in and back', async () => {
    requestHeaders.set('x-gatehouse-path', '/dashboard/logs?live=1');
    expect(await redirectOf(requireOperator())).toBe('/login?callbackUrl=%2Fdashboard%2Flogs%3Flive%3D1');
    requestHeaders.set('x-gatehouse-path', '//evil.example');
    expect(await redirectOf(requireCustomerAdmin())).toBe('/login');
  });

  test("keep a customer's admin out of the dashboard and its actions, and an operator out of a customer's settings", async () => {
    const { organization, email, account } = await addCustomerAdmin();
    await openSession({ email, password: PASSWORD });
    expect(await redirectOf(requireOperator())).toBe('/settings');
    const body = vi.fn();
    expect(await redirectOf(operatorAction(body)({}, new FormData()))).toBe('/settings');
    expect(body).not.toHaveBeenCalled();
    const { ctx, organizationId } = await requireCustomerAdmin();
    expect(organizationId).toBe(organization.id);
    expect(ctx.actor).toEqual({ kind: 'customerAdmin', id: account.id, email, organizationId });

    await openSession(OPERATOR);
    expect(await redirectOf(requireCustomerAdmin())).toBe('/dashboard');
  });

  test('ask again at each action: after signing out nothing is done', async () => {
    await openSession(OPERATOR);
    const body = vi.fn((ctx: { requestId: string }) => Promise.resolve({ ok: true as const, data: ctx.requestId }));
    const action = operatorAction(body);
    expect(await action({}, new FormData())).toMatchObject({ ok: true, data: expect.stringMatching(/^req_/) });
    await closeSession();
    expect(await redirectOf(action({}, new FormData()))).toBe('/login');
    expect(body).toHaveBeenCalledTimes(1);
  });
});

describe('leaving a form', () => {
  test('a script is told where to go, a plain form is redirected', async () => {
    expect(await redirectOf(goTo('/dashboard'))).toBe('/dashboard');
    requestHeaders.set('next-action', 'abc');
    expect(await goTo('/dashboard')).toEqual({ ok: true, data: { goTo: '/dashboard' } });
  });
});

describe('an invitation', () => {
  test('makes one account, however many accept it at once', async () => {
    const organization = await createOrganization(system, { displayName: 'Acme' });
    const email = 'lee@acme.example';
    const { token } = await inviteCustomerAdmin(system, { organizationId: organization.id, email });
    expect(await findInvitation(anonymous, token)).toMatchObject({ organizationName: 'Acme', invitation: { email } });
    const accept = () => acceptInvitation(anonymous, { token, name: 'Lee', password: PASSWORD });
    const results = await Promise.allSettled([accept(), accept(), accept()]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { admins } = await listCustomerAdmins(system, organization.id);
    expect(admins.map((admin) => admin.email)).toEqual([email]);
    expect(await findInvitation(anonymous, token)).toBeUndefined();
    expect((await failureOf(accept())).code).toBe('failed_precondition');
  });

  test('is worthless after 72 hours', async () => {
    const organization = await createOrganization(system, { displayName: 'Acme' });
    const { token } = await inviteCustomerAdmin(system, { organizationId: organization.id, email: 'mo@acme.example' });
    const accept = (hours: number) => acceptInvitation(later(hours * 60), { token, name: 'Mo', password: PASSWORD });
    expect(await findInvitation(later(72 * 60 + 1), token)).toBeUndefined();
    expect((await failureOf(accept(72.1))).code).toBe('failed_precondition');
    await expect(accept(71.9)).resolves.toMatchObject({ email: 'mo@acme.example' });
  });
});

describe("next-auth's own addresses", () => {
  const { callbacks, events, cookies } = authOptions();

  test('describe a session by the database: a revoked one is empty', async () => {
    const { sessionId, expiresAt } = await openSession(OPERATOR);
    const describe = async () => callbacks!.session!({ token: { sid: sessionId } } as never);
    const user = { name: 'Dana', email: OPERATOR.email };
    expect(await describe()).toEqual({ user, expires: expiresAt.toISOString() });
    await events!.signOut!({ token: { sid: sessionId } } as never);
    expect(await describe()).toEqual({});
    expect(await currentSignedIn()).toBeUndefined();
  });

  test('keep the session in the same cookie, which a page cannot read', () => {
    expect(cookies!.sessionToken).toEqual({
      name: COOKIE,
      options: { httpOnly: true, sameSite: 'lax', path: '/', secure: false },
    });
    expect(sessionCookie(true)).toEqual({
      name: '__Host-gatehouse.session',
      options: { httpOnly: true, sameSite: 'lax', path: '/', secure: true },
    });
  });

  test('lead nowhere but to this site', async () => {
    const lead = (url: string) => callbacks!.redirect!({ url, baseUrl: ORIGIN });
    expect(await lead('/dashboard?a=1')).toBe(`${ORIGIN}/dashboard?a=1`);
    expect(await lead(`${ORIGIN}/settings`)).toBe(`${ORIGIN}/settings`);
    for (const url of [
      'https://evil.example',
      '//evil.example',
      `${ORIGIN}.evil.example/`,
      `${ORIGIN}@evil.example/`,
    ]) {
      expect(await lead(url)).toBe(`${ORIGIN}/`);
    }
  });
});
