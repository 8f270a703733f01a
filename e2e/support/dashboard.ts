import { type Browser, type BrowserContext, expect, type Locator, type Page } from '@playwright/test';
import { create } from '@bufbuild/protobuf';
import {
  CreateDirectorySchema,
  DirectoryProvider,
  DirectoryType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import { newScimClient, newSdk, ORIGIN, signInAsOperator } from './operator';

/** More stops than any page has before what a test looks for. */
const MAX_TAB_STOPS = 60;

let state: Awaited<ReturnType<BrowserContext['storageState']>> | undefined;

/** A page of the operator's browser. The first call signs in; the others go on with that session. */
export async function openAsOperator(browser: Browser, path: string): Promise<Page> {
  const context = await browser.newContext({ storageState: state });
  const page = await context.newPage();
  if (state) {
    await page.goto(path);
    return page;
  }
  await signInAsOperator(page, path);
  state = await context.storageState();
  return page;
}

/** Opens the question of a button, checks what it says will happen, and confirms it. */
export async function confirm(page: Page, button: string | RegExp, says: RegExp, confirmLabel: string): Promise<void> {
  await page.getByRole('button', { name: button }).first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(says);
  await dialog.getByRole('button', { name: confirmLabel, exact: true }).click();
  await expect(dialog).toBeHidden();
}

/** A field with this very label. */
export function textbox(page: Page, name: string): Locator {
  return page.getByRole('textbox', { name, exact: true });
}

/** The value of a field that can be copied, once it is there. */
export function readField(page: Page, label: string): Promise<string> {
  return textbox(page, label).inputValue();
}

/** Expects a field to be marked as wrong, with these words beside it. */
export async function expectFieldError(field: Locator, words: string): Promise<void> {
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
}

/** Goes on with the Tab key until this has the focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let stop = 0; stop < MAX_TAB_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`The Tab key does not reach ${String(target)}.`);
}

/** A call of the REST API with the operator's first credential. */
export async function callApi(method: string, path: string, body?: unknown) {
  const bearer = await newSdk().getClientAccessToken();
  const response = await fetch(`${ORIGIN}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

/** An organization without anything. */
export async function newOrganization(name: string) {
  const { organization } = await newSdk().organization.createOrganization(name);
  const id = organization!.id;
  return { id, path: `/dashboard/organizations/${id}` };
}

/** An organization with an Okta directory and a token of it. */
export async function newOrganizationWithDirectory(name: string) {
  const organization = await newOrganization(name);
  const { directory } = await newSdk().directory.createDirectory(
    organization.id,
    create(CreateDirectorySchema, { directoryType: DirectoryType.SCIM, directoryProvider: DirectoryProvider.OKTA }),
  );
  const { id, directoryEndpoint } = directory!;
  const secret = await callApi('POST', `/organizations/${organization.id}/directories/${id}/secrets`);
  const token = String(secret.json['plain_secret']);
  const path = `${organization.path}/directories/${id}`;
  const scim = newScimClient(directoryEndpoint, token);
  return { organization, directory: { id, path, token, endpoint: directoryEndpoint }, scim };
}

/** What a call was refused with: its `error_code`, or `none` if it was not. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code: string; httpStatus: number }> {
  try {
    await call;
  } catch (error) {
    const { errorCode, httpStatus } = error as { errorCode?: string; httpStatus?: number };
    return { code: errorCode ?? String(error), httpStatus: httpStatus ?? 0 };
  }
  return { code: 'none', httpStatus: 200 };
}

/** Makes the account of an invited admin, and ends on the customer's settings page. */
export async function acceptInvitation(page: Page, invitation: string, password: string): Promise<void> {
  await page.goto(invitation);
  await page.getByLabel('Name').fill('Ida Thorne');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.locator('input[name="passwordAgain"]').fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL('**/settings');
}
