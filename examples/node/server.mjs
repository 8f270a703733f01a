import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { renderPage } from './page.mjs';

/** @import { IncomingMessage, Server, ServerResponse } from 'node:http' */
/** @import { ScalekitClient } from '@scalekit-sdk/node' */
/** @import { UserTable } from './users.mjs' */

/** Bodies of webhooks are smaller by far. */
const BODY_MAX = 1024 * 1024;

/**
 * @typedef {object} Application
 * @property {ScalekitClient} scalekit
 * @property {UserTable} users
 * @property {{ id: string, displayName: string }} organization whose settings page this is; a real application takes it from who is signed in
 * @property {string | undefined} webhookSecret `whsec_…`
 */

/**
 * `GET /` is the settings page, `GET /users` the same people as JSON, `POST /webhooks` where Gatehouse tells what happened.
 * @param {Application} application
 * @returns {Server}
 */
export function createApplication(application) {
  return createServer((request, response) => {
    answer(application, request, response).catch((error) => {
      console.error(error);
      if (response.headersSent) response.destroy();
      else send(response, 500, { error: 'Something went wrong. It is in the log.' });
    });
  });
}

/**
 * @param {Application} application
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
async function answer(application, request, response) {
  switch (`${request.method} ${request.url}`) {
    case 'GET /':
      return await showPage(application, response);
    case 'GET /users':
      return send(response, 200, { users: application.users.list(application.organization.id) });
    case 'POST /webhooks':
      return await receiveWebhook(application, request, response);
    default:
      return send(response, 404, { error: 'There is nothing here.' });
  }
}

/**
 * @param {Application} application
 * @param {ServerResponse} response
 */
async function showPage({ scalekit, users, organization, webhookSecret }, response) {
  // A link for embedding opens once, within a minute: each load of the page gets its own.
  const link = await scalekit.organization.generatePortalLink(organization.id);
  const nonce = randomBytes(16).toString('base64');
  const page = renderPage({
    organizationName: organization.displayName,
    users: users.list(organization.id),
    portalLocation: link.location,
    nonce,
    problem: webhookSecret ? undefined : 'WEBHOOK_SECRET is not set, so nothing that happens arrives here.',
  });
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; frame-src ${new URL(link.location).origin}`;
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    // The address of the portal is a credential, which no cache may keep.
    'cache-control': 'no-store',
  });
  response.end(page);
}

/**
 * Checks the signature before anything else, and answers 2xx only when the table is written: what is refused or fails is sent again.
 * @param {Application} application
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
async function receiveWebhook({ scalekit, users, webhookSecret }, request, response) {
  if (!webhookSecret) return send(response, 503, { error: 'WEBHOOK_SECRET is not set.' });
  const body = await readBody(request);
  if (body === undefined) return send(response, 413, { error: 'The body is too large.' });
  try {
    // The signature is over the bytes as they came, so nothing is parsed before.
    scalekit.verifyWebhookPayload(webhookSecret, headersOf(request), body);
  } catch {
    return send(response, 401, { error: 'The signature does not match.' });
  }
  const event = JSON.parse(body);
  const outcome = users.apply(event);
  console.log(`${event.id} ${event.type}: ${outcome}${event.out_of_order ? ', ahead of an earlier one' : ''}`);
  return send(response, 200, { outcome });
}

/**
 * @param {IncomingMessage} request
 * @returns {Record<string, string>}
 */
function headersOf({ headers }) {
  return Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name] ?? '')]),
  );
}

/**
 * @param {IncomingMessage} request
 * @returns {Promise<string | undefined>} undefined where it is larger than it may be
 */
async function readBody(request) {
  /** @type {Buffer[]} */
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > BODY_MAX) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {object} body
 */
function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
