import type { JsonObject } from '@bufbuild/protobuf';
import type { ScalekitClient } from '@scalekit-sdk/node';
import {
  DomainType,
  VerificationMethod,
  VerificationStatus,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Context, newContext } from '@/lib/core/context';
import { AppError } from '@/lib/core/error';
import { createDomain } from '@/lib/domain/email-domain/commands';
import { VERIFICATION_WINDOW_MS } from '@/lib/domain/email-domain/types';
import { listRecentEvents } from '@/lib/domain/event/queries';
import { createOrganization, deleteOrganization, setFeatures } from '@/lib/domain/organization/commands';
import { startTestApi, type TestApi } from './testing';

let api: TestApi;
let sdk: ScalekitClient;
let organizationId: string;
let serial = 0;
/** What DNS holds, by name, and what was asked. A name with undefined is one whose servers do not answer. */
const records = new Map<string, readonly string[] | undefined>();
const asked: string[] = [];

beforeAll(async () => {
  api = await startTestApi(async (name) => {
    asked.push(name);
    if (records.has(name) && records.get(name) === undefined) throw new AppError('unavailable', 'Nobody answers.');
    return records.get(name) ?? [];
  });
  sdk = api.newSdk();
});

afterAll(() => api.close());

beforeEach(async () => {
  organizationId = await newOrganization();
});

async function newOrganization(): Promise<string> {
  serial += 1;
  return (await createOrganization(api.ctx, { displayName: 'Acme', externalId: `acme-${serial}` })).id;
}

/** A name that no other test has. */
function freshName(): string {
  serial += 1;
  return `acme-${serial}.test`;
}

/** Someone of the customer, in the portal. */
function visitor(at: Date = new Date()): Context {
  const actor = { kind: 'portalSession', id: 'ps_1', linkId: 'lnk_1', organizationId, features: [] } as const;
  return { ...newContext(actor), now: () => at };
}

/** A domain that the customer added itself, so that it waits for its record. */
async function addPending(name = freshName(), at?: Date) {
  await setFeatures(api.ctx, { id: organizationId, features: [{ name: 'domain_verification', enabled: true }] });
  return createDomain(visitor(at), { organizationId, domain: name });
}

async function rest(method: string, path: string, body?: unknown): Promise<{ status: number; body: JsonObject }> {
  const response = await fetch(`${api.origin}/api/v1/organizations/${organizationId}/domains${path}`, {
    method,
    headers: { authorization: `Bearer ${await api.fetchToken()}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}

async function connectRpc(method: string, body: object): Promise<{ status: number; body: JsonObject }> {
  const response = await fetch(`${api.origin}/scalekit.v1.domains.DomainService/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await api.fetchToken()}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error as { errorCode?: unknown }).errorCode,
  );
}

async function eventTypes(): Promise<string[]> {
  const events = await listRecentEvents(api.ctx, { organizationId, limit: 20 });
  return events.map(({ type }) => type).filter((type) => type.includes('domain'));
}

describe('domains', () => {
  test('made by API are verified by the admin at once, whatever the features are', async () => {
    const name = freshName();
    const { domain } = await sdk.domain.createDomain(organizationId, name);
    expect(domain).toMatchObject({
      id: expect.stringMatching(/^dom_\d+$/),
      environmentId: expect.stringMatching(/^env_\d+$/),
      organizationId,
      domain: name,
      domainType: DomainType.ORGANIZATION_DOMAIN,
      verificationStatus: VerificationStatus.VERIFIED,
      verificationMethod: VerificationMethod.ADMIN,
      txtRecordKey: '_gatehouse-domain-verification',
      txtRecordSecret: expect.stringMatching(/^gatehouse_verify_[\w-]{32}$/),
    });
    expect(domain!.createTime).toEqual(domain!.updateTime);
    expect((await sdk.domain.getDomain(organizationId, domain!.id)).domain).toEqual(domain);
    const [created] = await listRecentEvents(api.ctx, { organizationId, limit: 1 });
    expect(created).toMatchObject({
      type: 'organization.domain_created',
      object: 'Organization',
      data: {
        id: domain!.id,
        domain: name,
        domain_type: 'ORGANIZATION_DOMAIN',
        organization_id: organizationId,
        environment_id: domain!.environmentId,
        txt_record_key: domain!.txtRecordKey,
        txt_record_secret: domain!.txtRecordSecret,
        verification_status: 'VERIFIED',
        verification_method: 'ADMIN',
        updated_at: expect.any(String),
      },
    });
  });

  test('are the same over REST, with 200 for a new one, and by external id over Connect', async () => {
    const name = freshName();
    const made = await rest('POST', '', { domain: name, domain_type: 'ALLOWED_EMAIL_DOMAIN' });
    expect(made.status).toBe(200);
    const domain = made.body['domain'] as JsonObject;
    expect(domain).toMatchObject({
      domain: name,
      domain_type: 'ALLOWED_EMAIL_DOMAIN',
      verification_status: 'VERIFIED',
    });
    expect((await rest('GET', `/${String(domain['id'])}`)).body['domain']).toEqual(domain);
    const viaSdk = await sdk.domain.getDomain(organizationId, String(domain['id']));
    expect(viaSdk.domain).toMatchObject({ domain: name, txtRecordSecret: domain['txt_record_secret'] });
    const externalId = `acme-${serial - 1}`;
    const found = await connectRpc('GetDomain', { externalId, id: domain['id'] });
    expect(found.body['domain']).toMatchObject({ id: domain['id'], txtRecordSecret: domain['txt_record_secret'] });
    const other = await connectRpc('CreateDomain', { externalId, domain: { domain: freshName() } });
    expect(other.body['domain']).toMatchObject({ organizationId, domainType: 'ORGANIZATION_DOMAIN' });
    expect((await connectRpc('GetDomain', { id: domain['id'] })).status).toBe(400);
    expect((await connectRpc('GetDomain', { externalId: 'nobody', id: domain['id'] })).status).toBe(404);
  });

  test('are kept in small ASCII letters', async () => {
    const create = async (name: string) => (await sdk.domain.createDomain(organizationId, name)).domain!.domain;
    expect(await create('ACME-Case.Test.')).toBe('acme-case.test');
    expect(await create('bücher.test')).toBe('xn--bcher-kva.test');
  });

  test('that are no domain, or a public mail service, are refused with the field', async () => {
    const bad = [
      'localhost',
      'https://acme.test',
      'a@acme.test',
      '10.0.0.1',
      'acme..test',
      '-a.test',
      '*.acme.test',
      'a b.test',
    ];
    for (const name of [...bad, 'gmail.com', 'Outlook.com']) {
      expect(await codeOf(sdk.domain.createDomain(organizationId, name)), name).toBe('VALIDATION_ERROR');
    }
    const { status, body } = await rest('POST', '', { domain: 'gmail.com' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ validation_error_info: { field_violations: [{ field: 'domain.domain' }] } });
    expect((await sdk.domain.listDomains(organizationId)).domains).toEqual([]);
  });

  test('are verified for one organization only, until that one gives them up or is deleted', async () => {
    const name = freshName();
    const first = (await sdk.domain.createDomain(organizationId, name)).domain!;
    expect(await codeOf(sdk.domain.createDomain(organizationId, name))).toBe('RESOURCE_ALREADY_EXISTS');
    const other = await newOrganization();
    expect(await codeOf(sdk.domain.createDomain(other, name))).toBe('RESOURCE_ALREADY_EXISTS');
    await sdk.domain.createDomain(other, name, { domainType: 'ALLOWED_EMAIL_DOMAIN' });
    await sdk.domain.deleteDomain(organizationId, first.id);
    await sdk.domain.createDomain(other, name);
    await deleteOrganization(api.ctx, { id: other });
    expect((await sdk.domain.createDomain(organizationId, name)).domain!.domain).toBe(name);
  });

  test('asked for by several organizations at the same time go to one of them', async () => {
    const name = freshName();
    const organizations = await Promise.all([1, 2, 3, 4].map(newOrganization));
    const outcomes = await Promise.all(organizations.map((id) => codeOf(sdk.domain.createDomain(id, name))));
    expect(outcomes.toSorted()).toEqual([
      'RESOURCE_ALREADY_EXISTS',
      'RESOURCE_ALREADY_EXISTS',
      'RESOURCE_ALREADY_EXISTS',
      'no error',
    ]);
  });

  test('are listed oldest first, by type, in pages counted from 0', async () => {
    const made: string[] = [];
    for (let at = 0; at < 3; at += 1)
      made.push((await sdk.domain.createDomain(organizationId, freshName())).domain!.id);
    const allowed = await sdk.domain.createDomain(organizationId, freshName(), { domainType: 'ALLOWED_EMAIL_DOMAIN' });
    const all = await sdk.domain.listDomains(organizationId);
    expect(all).toMatchObject({ pageSize: 30, pageNumber: 0 });
    expect(all.domains.map(({ id }) => id)).toEqual([...made, allowed.domain!.id]);
    const byType = await sdk.domain.listDomains(organizationId, { domainType: 'ALLOWED_EMAIL_DOMAIN' });
    expect(byType.domains.map(({ id }) => id)).toEqual([allowed.domain!.id]);
    const page = async (query: string) => {
      const { body } = await rest('GET', query);
      const domains = (body['domains'] ?? []) as JsonObject[];
      return { size: body['page_size'], number: body['page_number'], ids: domains.map(({ id }) => id) };
    };
    expect(await page('?page_size=2&page_number=1&domain_type=ORGANIZATION_DOMAIN')).toEqual({
      size: 2,
      number: 1,
      ids: [made[2]],
    });
    expect(await page('?page_number=7')).toMatchObject({ size: 30, number: 7, ids: [] });
    expect(await page('?page_size=1000')).toMatchObject({ size: 100 });
    expect((await rest('GET', '?page_number=-1')).status).toBe(400);
  });

  test('are gone once deleted, and so is what was never there', async () => {
    const { domain } = await sdk.domain.createDomain(organizationId, freshName());
    const other = await newOrganization();
    expect(await codeOf(sdk.domain.getDomain(other, domain!.id))).toBe('RESOURCE_NOT_FOUND');
    expect(await codeOf(sdk.domain.deleteDomain(other, domain!.id))).toBe('RESOURCE_NOT_FOUND');
    await sdk.domain.deleteDomain(organizationId, domain!.id);
    expect(await codeOf(sdk.domain.getDomain(organizationId, domain!.id))).toBe('RESOURCE_NOT_FOUND');
    expect(await codeOf(sdk.domain.deleteDomain(organizationId, domain!.id))).toBe('RESOURCE_NOT_FOUND');
    expect(await codeOf(sdk.domain.listDomains('org_1'))).toBe('RESOURCE_NOT_FOUND');
    expect(await codeOf(sdk.domain.createDomain('org_1', freshName()))).toBe('RESOURCE_NOT_FOUND');
    expect(await eventTypes()).toEqual(['organization.domain_deleted', 'organization.domain_created']);
  });

  test('cannot be updated, as the contract has nothing to update', async () => {
    const { domain } = await sdk.domain.createDomain(organizationId, freshName());
    expect(await rest('PATCH', `/${domain!.id}`, {})).toMatchObject({
      status: 501,
      body: { error_code: 'UNIMPLEMENTED' },
    });
  });
});

describe('verification', () => {
  const verify = (id: string) => rest('PATCH', `/${id}:verify`);

  test('asks DNS once, and the record verifies a domain that waited for it', async () => {
    const domain = await addPending();
    expect(domain).toMatchObject({ status: 'PENDING', method: 'DNS' });
    const host = `${domain.txtRecordKey}.${domain.domain}`;
    asked.length = 0;
    expect(await verify(domain.id)).toEqual({ status: 200, body: { verified: false } });
    records.set(host, ['v=spf1 -all', 'gatehouse_verify_of-another-domain']);
    expect((await verify(domain.id)).body).toEqual({ verified: false });
    expect((await sdk.domain.getDomain(organizationId, domain.id)).domain?.verificationStatus).toBe(
      VerificationStatus.PENDING,
    );
    records.set(host, ['v=spf1 -all', domain.txtRecordSecret]);
    expect((await verify(domain.id)).body).toEqual({ verified: true });
    expect(asked).toEqual([host, host, host]);
    expect((await sdk.domain.getDomain(organizationId, domain.id)).domain).toMatchObject({
      verificationStatus: VerificationStatus.VERIFIED,
      verificationMethod: VerificationMethod.DNS,
    });
    expect((await verify(domain.id)).body).toEqual({ verified: true });
    expect(await eventTypes()).toEqual(['organization.domain_dns_verification_success', 'organization.domain_created']);
  });

  test('leaves a domain that an admin vouches for verified without a record, and strengthens it with one', async () => {
    const { domain } = await sdk.domain.createDomain(organizationId, freshName());
    expect((await verify(domain!.id)).body).toEqual({ verified: true });
    const before = (await sdk.domain.getDomain(organizationId, domain!.id)).domain;
    expect(before).toEqual(domain);
    records.set(`${domain!.txtRecordKey}.${domain!.domain}`, [domain!.txtRecordSecret]);
    expect((await verify(domain!.id)).body).toEqual({ verified: true });
    const after = (await sdk.domain.getDomain(organizationId, domain!.id)).domain;
    expect(after?.verificationMethod).toBe(VerificationMethod.DNS);
  });

  test('that gets no answer changes nothing and says to try again', async () => {
    const domain = await addPending();
    records.set(`${domain.txtRecordKey}.${domain.domain}`, undefined);
    expect(await verify(domain.id)).toMatchObject({ status: 503, body: { error_code: 'UNAVAILABLE' } });
    expect((await rest('GET', `/${domain.id}`)).body['domain']).toMatchObject({ verification_status: 'PENDING' });
  });

  test('fails when the time is over, once, and a domain added again gets a new record', async () => {
    const longAgo = new Date(Date.now() - VERIFICATION_WINDOW_MS - 1000);
    const domain = await addPending(freshName(), longAgo);
    expect((await verify(domain.id)).body).toEqual({ verified: false });
    expect((await rest('GET', `/${domain.id}`)).body['domain']).toMatchObject({ verification_status: 'FAILED' });
    expect(await verify(domain.id)).toMatchObject({
      status: 400,
      body: { error_code: 'DOMAIN_VERIFICATION_FAILED' },
    });
    expect(await eventTypes()).toEqual(['organization.domain_dns_verification_failed', 'organization.domain_created']);
    await sdk.domain.deleteDomain(organizationId, domain.id);
    expect((await addPending(domain.domain)).txtRecordSecret).not.toBe(domain.txtRecordSecret);
  });

  test('of a domain that many wait for goes to the first whose record is there', async () => {
    const name = freshName();
    const mine = await addPending(name);
    const owner = organizationId;
    organizationId = await newOrganization();
    const theirs = await addPending(name);
    records.set(`${theirs.txtRecordKey}.${name}`, [mine.txtRecordSecret, theirs.txtRecordSecret]);
    expect((await verify(theirs.id)).body).toEqual({ verified: true });
    organizationId = owner;
    expect(await verify(mine.id)).toMatchObject({ status: 409, body: { error_code: 'RESOURCE_ALREADY_EXISTS' } });
  });

  test('of the customer’s own domains needs the feature, and only its own organization', async () => {
    const off = createDomain(visitor(), { organizationId, domain: freshName() });
    await expect(off).rejects.toMatchObject({ code: 'failed_precondition', errorCode: 'FEATURE_DISABLED' });
    const other = await newOrganization();
    const foreign = createDomain(visitor(), { organizationId: other, domain: freshName() });
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
  });
});
