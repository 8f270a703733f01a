import type { DescMethodUnary, JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { database } from '@/lib/db/handle';
import { createCredential, revokeCredentialSecret } from '@/lib/domain/credential/commands';
import { SCOPES } from '@/lib/domain/credential/types';
import { createDirectory, createSecret } from '@/lib/domain/directory/commands';
import { findTokenHolder } from '@/lib/domain/directory/queries';
import { createOrganization, setFeatures } from '@/lib/domain/organization/commands';
import { describeManagementApi } from '../api';
import { listMethods, listServices, rpcPathOf, SERVICES } from '../descriptors';
import { httpRulesOf } from '../http-rules';
import { requiredScopeOf } from '../scopes';
import { PUBLIC_ORIGIN, startTestApi, type TestApi } from '../services/testing';
import {
  errorInfoOf,
  newConnectClient,
  newGrpcClient,
  newRestClient,
  type Outcome,
  type ProtocolClient,
  writeRestRequest,
} from './testing';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';

const PROTOCOLS = { gRPC: newGrpcClient, Connect: newConnectClient, REST: newRestClient } as const;
const PROTOCOL_NAMES = Object.keys(PROTOCOLS) as (keyof typeof PROTOCOLS)[];
const { createOrganization: create, generatePortalLink, listOrganization } = SERVICES.organizations.method;
const LARGE_BYTES = 10 * 1024 * 1024;
/** REST paths that are not below /api/v1, where nothing of ours is mounted. */
const ELSEWHERE = new Set(['/dummy', '/.well-known/webauthn']);

let api: TestApi;
let token: string;

beforeAll(async () => {
  api = await startTestApi();
  token = await api.fetchToken();
});

afterAll(() => api.close());

const { services } = describeManagementApi(PUBLIC_ORIGIN);
const methods = listServices().flatMap(([name, service]) =>
  listMethods(service).map((method) => ({
    method,
    isBuilt: Object.hasOwn(services[name] ?? {}, method.localName),
  })),
);

/** Runs `work` with a client of each protocol that presents `bearer`. */
async function overEach(bearer: string, work: (client: ProtocolClient, name: string) => Promise<void>): Promise<void> {
  for (const name of PROTOCOL_NAMES) {
    const client = PROTOCOLS[name](api.origin, bearer);
    await work(client, name).finally(() => client.close());
  }
}

interface Refusal {
  readonly code: number;
  readonly message: string;
  readonly info: JsonObject;
}

function refusalOf(outcome: Outcome, what: string): Refusal {
  if ('answer' in outcome) return expect.fail(`${what} was not refused: ${JSON.stringify(outcome.answer)}`);
  return outcome as Refusal;
}

/** How much there is that a refused call could have added to. */
async function countRows(): Promise<unknown> {
  const [row] = await database().sql.rows(
    `select (select count(*) from organization) as organizations, (select count(*) from event) as events,
       (select count(*) from api_client) as clients, (select count(*) from portal_link) as links`,
  );
  return row;
}

describe('what is not built', () => {
  test('answers so, by name, over every protocol, whoever may call it', async () => {
    const unbuilt = methods.filter(({ isBuilt }) => !isBuilt).map(({ method }) => method);
    expect(unbuilt.length).toBeGreaterThan(60);
    await overEach(token, async (client, name) => {
      for (const method of unbuilt) {
        if (name === 'REST' && !httpRulesOf(method).every(({ path }) => !ELSEWHERE.has(path))) continue;
        const what = `${name} ${rpcPathOf(method)}`;
        const { code, info } = refusalOf(await client.call(method, {}), what);
        const full = `${method.parent.name}.${method.name}`;
        expect({ what, code, info }).toMatchObject({
          what,
          code: 12,
          info: { errorCode: 'UNIMPLEMENTED', resourceInfo: { resourceName: full } },
        });
      }
    });
  });
});

describe('a token without the scope of a call', () => {
  test('is refused before the request is looked at, and told which scope it needs, over every protocol', async () => {
    const tokens = new Map<string, string>();
    for (const scope of SCOPES.slice(1)) {
      const scopes = SCOPES.slice(1).filter((each) => each !== scope);
      const { credential, plainSecret } = await createCredential(api.ctx, { name: `All but ${scope}`, scopes });
      tokens.set(scope, await api.fetchToken({ id: credential.id, secret: plainSecret }));
    }
    const before = await countRows();
    for (const [scope, bearer] of tokens) {
      const guarded = methods.filter(({ method, isBuilt }) => isBuilt && requiredScopeOf(method) === scope);
      await overEach(bearer, async (client, name) => {
        for (const { method } of guarded) {
          const what = `${name} ${method.name}`;
          const { code, info } = refusalOf(await client.call(method, {}), what);
          expect({ what, code, info }).toMatchObject({
            what,
            code: 7,
            info: { errorCode: 'MISSING_SCOPE', resourceInfo: { requiredPermissions: [scope] } },
          });
        }
      });
    }
    expect(await countRows()).toEqual(before);
  });

  test('does what it has the scope for', async () => {
    const { credential, plainSecret } = await createCredential(api.ctx, {
      name: 'Links',
      scopes: ['portal_links:write'],
    });
    const bearer = await api.fetchToken({ id: credential.id, secret: plainSecret });
    const { id } = await createOrganization(api.ctx, { displayName: 'Acme' });
    await overEach(bearer, async (client, name) => {
      expect(await client.call(generatePortalLink, { id }), name).toHaveProperty('answer.link.id');
      expect(refusalOf(await client.call(listOrganization, {}), name).code).toBe(7);
    });
  });
});

describe('a caller who is not who it says', () => {
  test('is told 16 over every protocol, so that the SDK fetches another token', async () => {
    const { id } = await createOrganization(api.ctx, { displayName: 'Scim' });
    await setFeatures(api.ctx, { id, features: [{ name: 'dir_sync', enabled: true }] });
    const directory = await createDirectory(api.ctx, { organizationId: id, provider: 'okta', type: 'SCIM' });
    const scim = await createSecret(api.ctx, { organizationId: id, directoryId: directory.id });
    const { credential, plainSecret, secretId } = await createCredential(api.ctx, { name: 'Revoked' });
    const revoked = await api.fetchToken({ id: credential.id, secret: plainSecret });
    await revokeCredentialSecret(api.ctx, { id: credential.id, secretId });
    const [header, payload] = token.split('.');
    const forged = `${header}.${payload}.${'A'.repeat(86)}`;
    for (const bearer of ['nonsense', scim.token, revoked, forged]) {
      await overEach(bearer, async (client, name) => {
        const { code, info } = refusalOf(await client.call(listOrganization, {}), name);
        expect({ code, info }, name).toMatchObject({ code: 16, info: { errorCode: 'UNAUTHENTICATED' } });
      });
    }
    // And the other way round: a directory's endpoint knows no token of this API.
    expect(await findTokenHolder(api.ctx, token)).toBeUndefined();
    expect(await findTokenHolder(api.ctx, scim.token)).toMatchObject({ directory: { id: directory.id } });
  });
});

/** What the server said to a request that no proper client sends. */
interface Said {
  readonly code: number;
  readonly errorCode: unknown;
  readonly fields: readonly unknown[];
  readonly text: string;
}

function callBytes(method: DescMethodUnary, bytes: Uint8Array): Promise<Said> {
  const client = new Client(api.origin.slice('http://'.length), credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  const same = (value: Buffer) => value;
  return new Promise<ServiceError | null>((resolve) => {
    client.makeUnaryRequest(rpcPathOf(method), same, same, Buffer.from(bytes), metadata, (error) => resolve(error));
  }).then((error) => {
    client.close();
    const info = error ? errorInfoOf(error) : undefined;
    const fields = info?.validationErrorInfo?.fieldViolations.map(({ field }) => field) ?? [];
    return { code: error?.code ?? 0, errorCode: info?.errorCode, fields, text: error?.details ?? '' };
  });
}

async function callText(protocol: 'Connect' | 'REST', method: DescMethodUnary, body: string): Promise<Said> {
  const rest = writeRestRequest(method, {});
  const isRest = protocol === 'REST';
  const response = await fetch(api.origin + (isRest ? rest.path : rpcPathOf(method)), {
    method: isRest ? rest.verb : 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body,
  });
  const text = await response.text();
  const json = JSON.parse(text) as JsonObject;
  // Connect's JSON errors carry the same detail in protobuf, with a readable copy in `debug`.
  const details = json['details'] as { debug?: JsonObject }[] | undefined;
  const info = isRest ? json : (details?.[0]?.debug ?? {});
  const violations = ((info['validation_error_info'] ?? info['validationErrorInfo']) as JsonObject | undefined) ?? {};
  const fields = ((violations['field_violations'] ?? violations['fieldViolations'] ?? []) as JsonObject[]).map(
    ({ field }) => field,
  );
  const codes: Readonly<Record<string, number>> = { invalid_argument: 3, resource_exhausted: 8 };
  const code = response.ok ? 0 : isRest ? Number(json['code']) : (codes[String(json['code'])] ?? -1);
  return { code, errorCode: info['error_code'] ?? info['errorCode'], fields, text };
}

const STACK = /\bat \S+ \(|node_modules|\.[cm]?[jt]s:\d+|Error:/;

describe('bad input', () => {
  const bytes = (...values: number[]) => Uint8Array.from(values);
  const bodyOf = (fields: JsonObject, isRest: boolean) => JSON.stringify(isRest ? fields : { organization: fields });
  const large = 'x'.repeat(LARGE_BYTES);
  const cases: readonly {
    readonly what: string;
    readonly grpc: Uint8Array;
    readonly json: (isRest: boolean) => string;
    readonly code: number;
    readonly errorCode: string;
    readonly field?: string;
  }[] = [
    {
      what: 'a message that breaks off',
      grpc: bytes(0x0a, 0x7f, 0x01),
      json: () => '{"organization":{"displayName":',
      code: 3,
      errorCode: 'VALIDATION_ERROR',
    },
    {
      what: 'a value of the wrong type',
      // The organization, a message, as a number.
      grpc: bytes(0x08, 0x01),
      json: (isRest) => bodyOf({ displayName: 7 }, isRest),
      code: 3,
      errorCode: 'VALIDATION_ERROR',
    },
    {
      what: 'an enum value that there is not',
      grpc: bytes(0x0a, 0x05, 0x22, 0x01, 0x41, 0x28, 0x63),
      json: (isRest) => bodyOf({ displayName: 'A', regionCode: 'MARS' }, isRest),
      code: 3,
      errorCode: 'VALIDATION_ERROR',
    },
    {
      what: 'a list where an object belongs',
      grpc: bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
      json: () => '[1, 2]',
      code: 3,
      errorCode: 'VALIDATION_ERROR',
    },
    {
      what: 'ten megabytes',
      grpc: new TextEncoder().encode(large),
      json: (isRest) => bodyOf({ displayName: large }, isRest),
      code: 8,
      errorCode: 'MESSAGE_TOO_LARGE',
    },
  ];

  test.each(cases)('is refused alike over every protocol, and nothing is written: $what', async (example) => {
    const before = await countRows();
    const said = [
      await callBytes(create, example.grpc),
      await callText('Connect', create, example.json(false)),
      await callText('REST', create, example.json(true)),
    ];
    for (const { code, errorCode, text } of said) {
      expect({ code, errorCode }).toEqual({ code: example.code, errorCode: example.errorCode });
      expect(text).not.toMatch(STACK);
    }
    expect(await countRows()).toEqual(before);
  });

  test('with a field that there is not is refused where fields have names, and passed over where they have numbers', async () => {
    const before = await countRows();
    for (const protocol of ['Connect', 'REST'] as const) {
      const body = bodyOf({ displayName: 'A', colour: 'red' }, protocol === 'REST');
      const said = await callText(protocol, create, body);
      expect(said, protocol).toMatchObject({ code: 3, errorCode: 'VALIDATION_ERROR' });
      expect(said.fields.join(), protocol).toContain('colour');
    }
    expect(await countRows()).toEqual(before);
    // Protobuf demands it: a newer client may send what we do not know. Field 99 of the request, "hello".
    expect(await callBytes(listOrganization, bytes(0x9a, 0x06, 0x05, 0x68, 0x65, 0x6c, 0x6c, 0x6f))).toMatchObject({
      code: 0,
    });
  });
});
