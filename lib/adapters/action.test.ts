import { notFound, redirect } from 'next/navigation';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError, invalidField, notFound as noSuch } from '@/lib/core/error';
import { readAppError, runFormAction, translateFormError } from './action';

let requestHeaders = new Headers();
vi.mock('next/headers', () => ({ headers: () => Promise.resolve(requestHeaders), cookies: () => undefined }));
vi.mock('@/lib/core/data-folder.mjs', () => ({
  processSetup: () => ({ config: { publicOrigin: 'https://gatehouse.example' } }),
}));

const REQUEST_ID = 'req_1';

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);

beforeEach(() => {
  requestHeaders = new Headers({ origin: 'https://gatehouse.example' });
});

afterEach(() => logged.mockClear());

describe('a form that failed', () => {
  test('shows a violation beside its field, whichever way the field is spelled', () => {
    const error = new AppError('invalid_argument', 'Two things are wrong.', {
      fieldViolations: [
        { field: 'display_name', description: 'Give a name.' },
        { field: 'organization.external_id', description: 'Too long.' },
      ],
    });
    const state = translateFormError(error, formOf({ displayName: '', external_id: 'x' }), REQUEST_ID);
    expect(state.fieldErrors).toEqual({ displayName: 'Give a name.', external_id: 'Too long.' });
    expect(state.message).toBeUndefined();
  });

  test('shows a violation of a field that it does not have as the message', () => {
    const state = translateFormError(invalidField('slug', 'This slug is taken.'), formOf({ name: 'Acme' }), REQUEST_ID);
    expect(state.fieldErrors).toBeUndefined();
    expect(state.message).toBe('This slug is taken.');
  });

  test('keeps what was typed, but never a password, a token or what Next added', () => {
    const form = formOf({
      name: 'Acme',
      password: 'x',
      passwordAgain: 'x',
      token: 'x',
      clientSecret: 'x',
      $ACTION_1: 'x',
    });
    expect(translateFormError(new AppError('already_exists', 'Taken.'), form, REQUEST_ID)).toEqual({
      message: 'Taken.',
      values: { name: 'Acme' },
    });
    expect(logged).not.toHaveBeenCalled();
  });

  test('says nothing of an unexpected error but the request id, which the log has too, once', () => {
    const error = new Error('connection to 10.0.0.7 refused');
    const state = translateFormError(error, formOf({ name: 'Acme' }), REQUEST_ID);
    expect(state.message).toContain(REQUEST_ID);
    expect(JSON.stringify(state)).not.toContain('10.0.0.7');
    expect(logged).toHaveBeenCalledTimes(1);
    expect(logged.mock.calls[0]).toEqual([expect.stringContaining(REQUEST_ID), error]);
  });
});

describe('an action', () => {
  const done = () => Promise.resolve();

  test('is done when its body says nothing else', async () => {
    await expect(runFormAction(formOf({}), REQUEST_ID, done)).resolves.toEqual({ ok: true });
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['the same name over plain http', { origin: 'http://gatehouse.example' }],
    ['someone who does not say', {}],
    ['another site, where the browser sends no origin', { 'sec-fetch-site': 'same-site' }],
  ] as [string, Record<string, string>][])('is refused to %s, and its body does not run', async (_, given) => {
    requestHeaders = new Headers(given);
    const body = vi.fn(done);
    const state = await runFormAction(formOf({ name: 'Acme' }), REQUEST_ID, body);
    expect(state.ok).toBeUndefined();
    expect(state.message).toContain('not sent from this site');
    expect(body).not.toHaveBeenCalled();
  });

  test('lets redirects and not-found pages through', async () => {
    const leaving = runFormAction(formOf({}), REQUEST_ID, () => redirect('/dashboard'));
    await expect(leaving).rejects.toMatchObject({ digest: expect.stringContaining('NEXT_REDIRECT') });
    const missing = runFormAction(formOf({}), REQUEST_ID, () => notFound());
    await expect(missing).rejects.toMatchObject({ digest: expect.stringContaining('404') });
    expect(logged).not.toHaveBeenCalled();
  });
});

describe('an error of a page', () => {
  test('becomes the not-found page when the thing does not exist', () => {
    expect(() => readAppError(noSuch('organization', 'org_1'))).toThrow(
      expect.objectContaining({ digest: expect.stringContaining('404') }),
    );
  });

  test('is handed back when there are words for it, and thrown on when it was not expected', () => {
    const known = new AppError('failed_precondition', 'SCIM provisioning is switched off for this organization.');
    expect(readAppError(known)).toBe(known);
    const unknown = new TypeError('x is undefined');
    expect(() => readAppError(unknown)).toThrow(unknown);
  });
});
