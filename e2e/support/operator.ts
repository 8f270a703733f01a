import type { Page } from '@playwright/test';
import { ScalekitClient } from '@scalekit-sdk/node';

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the browser tests through playwright.config.ts.`);
  return value;
}

/** The origin of the server under test. */
export const ORIGIN = setting('GATEHOUSE_URL');

/** The official client, unmodified, with the credential that the server was started with. */
export function newSdk(): ScalekitClient {
  return new ScalekitClient(ORIGIN, setting('SCALEKIT_CLIENT_ID'), setting('SCALEKIT_CLIENT_SECRET'));
}

/** Signs in as the first operator and ends on the page that was asked for. */
export async function signInAsOperator(page: Page, path = '/dashboard/organizations'): Promise<void> {
  await page.goto(path);
  await page.getByLabel('Email address').fill(setting('GATEHOUSE_ADMIN_EMAIL'));
  await page.getByLabel('Password').fill(setting('GATEHOUSE_ADMIN_PASSWORD'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname === path);
}

/** A SCIM client as a directory is one: it knows an endpoint and a token. */
export function newScimClient(endpoint: string, token: string) {
  return async (
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; json: Record<string, unknown> }> => {
    const response = await fetch(endpoint + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/scim+json; charset=utf-8',
        'user-agent': 'Okta SCIM Client 1.0.0',
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  };
}
