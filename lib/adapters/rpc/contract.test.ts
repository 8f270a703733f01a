import { create } from '@bufbuild/protobuf';
import type { DescMessage } from '@bufbuild/protobuf';
import { GetDirectoryRequestSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb.js';
import type { Feature } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import {
  CreateOrganizationRequestSchema,
  DeletePortalLinkByIdRequestSchema,
  GeneratePortalLinkRequestSchema,
  ListOrganizationsRequestSchema,
  OrganizationService,
  SearchOrganizationsRequestSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { CreateConnectionRequestSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import { CreateDomainRequestSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb.js';
import { CreateRoleRequestSchema, RolesService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js';
import { GetUserRequestSchema, UserService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb.js';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { authRuleOf, requireCaller } from './caller';
import { listMethods, listServices } from './descriptors';
import { isKnownExpression } from './expression-rules';
import { FIELD_OVERRIDES } from './field-overrides';
import { fieldRulesOf, messageRulesOf } from './field-rules';
import type { FieldRules } from './rule-types';
import { httpRulesOf } from './http-rules';
import { clampPageSize, validateMessage } from './validate';
import { WireMessage } from './wire';

const allMethods = listServices().flatMap(([, service]) => listMethods(service));

function allRequestMessages(): DescMessage[] {
  const found = new Map<string, DescMessage>();
  const visit = (schema: DescMessage): void => {
    if (found.has(schema.typeName) || !schema.typeName.startsWith('scalekit.')) return;
    found.set(schema.typeName, schema);
    for (const { message } of schema.fields) if (message) visit(message);
  };
  for (const { input } of allMethods) visit(input);
  return [...found.values()];
}

describe('the contract', () => {
  it('has every service that the SDK ships', () => {
    const main = createRequire(import.meta.url).resolve('@scalekit-sdk/node');
    const root = join(dirname(main), 'pkg/grpc/scalekit/v1');
    const shipped = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('_pb.js'))
      .flatMap((file) => readFileSync(join(root, file), 'utf8').match(/^ \* @generated from service (\S+)/gm) ?? [])
      .map((line) => line.split(' ').at(-1));
    const listed = listServices().map(([, { typeName }]) => typeName);
    expect(listed.toSorted()).toEqual(shipped.toSorted());
    expect(shipped.length).toBeGreaterThan(10);
  });

  it('binds every method to REST, with bodies, custom verbs and additional bindings', () => {
    expect(allMethods.filter((method) => httpRulesOf(method).length === 0)).toEqual([]);
    expect(httpRulesOf(OrganizationService.method.updateOrganizationSettings)).toEqual([
      { verb: 'PATCH', path: '/api/v1/organizations/{id}/settings', body: 'settings' },
    ]);
    expect(httpRulesOf(RolesService.method.updateDefaultRoles)).toEqual([
      { verb: 'PATCH', path: '/api/v1/roles:set_defaults', body: '*' },
      { verb: 'PATCH', path: '/api/v1/roles/default', body: '*' },
    ]);
    expect(httpRulesOf(UserService.method.deleteMembership).map(({ path }) => path)).toEqual([
      '/api/v1/memberships/organizations/{organization_id}/users/{id}',
      '/api/v1/memberships/organizations/{organization_id}/users:external/{external_id}',
    ]);
  });

  it('holds no validation rule that we cannot read', () => {
    const unread: string[] = [];
    const visit = (path: string, rules: FieldRules | undefined): void => {
      if (!rules) return;
      unread.push(...(rules.unread ?? []).map((no) => `${path} ${no}`));
      unread.push(
        ...(rules.expressions ?? []).filter((rule) => !isKnownExpression(rule)).map((rule) => rule.expression),
      );
      if (rules.string?.pattern !== undefined) expect(() => new RegExp(rules.string?.pattern ?? '', 'u')).not.toThrow();
      for (const inner of [rules.list?.items, rules.map?.keys, rules.map?.values]) visit(path, inner);
    };
    for (const schema of allRequestMessages()) {
      for (const field of schema.fields) visit(`${schema.typeName}.${field.name}`, fieldRulesOf(field));
      unread.push(
        ...messageRulesOf(schema)
          .filter((rule) => !isKnownExpression(rule))
          .map((rule) => rule.expression),
      );
    }
    expect(unread).toEqual([]);
  });

  it('has the fields that our overrides name', () => {
    const names = new Set(
      allRequestMessages().flatMap(({ typeName, fields }) => fields.map(({ name }) => `${typeName}.${name}`)),
    );
    expect(Object.keys(FIELD_OVERRIDES).filter((name) => !names.has(name))).toEqual([]);
  });

  it('says who may call what, and API credentials may also list and revoke portal links', () => {
    const client = { kind: 'apiClient', id: 'skc_1', scopes: [] } as const;
    const { getPortalLinks, deletePortalLink, createOrganization } = OrganizationService.method;
    expect(authRuleOf(createOrganization).callers).toEqual(['client', 'workspace']);
    expect(authRuleOf(OrganizationService.method.getOrganization).permissions).toEqual(['organizations_read']);
    for (const method of [getPortalLinks, deletePortalLink, createOrganization]) {
      expect(() => requireCaller(method, client)).not.toThrow();
    }
    expect(() => requireCaller(UserService.method.getCurrentUser, client)).toThrow(/may not be called/);
    const session = {
      kind: 'portalSession',
      id: 'ps_1',
      linkId: 'lnk_1',
      organizationId: 'org_1',
      features: [],
    } as const;
    expect(() => requireCaller(createOrganization, session)).toThrow(/may not be called/);
    expect(() => requireCaller(OrganizationService.method.getOrganization, session)).not.toThrow();
  });
});

describe('validateMessage', () => {
  const organization = (fields: object) => create(CreateOrganizationRequestSchema, { organization: fields });
  const fieldsOf = (schema: DescMessage, message: ReturnType<typeof create>) =>
    validateMessage(schema, message).map(({ field, constraint }) => `${field} ${constraint}`);

  it.each([
    ['a request that lacks its message', create(CreateOrganizationRequestSchema), ['organization required']],
    ['an empty name', organization({}), ['organization.display_name string.min_len']],
    [
      'a name that is too long',
      organization({ displayName: 'x'.repeat(201) }),
      ['organization.display_name string.max_len'],
    ],
    ['200 characters of two code units each', organization({ displayName: '😀'.repeat(200) }), []],
    ['a slug with capitals', organization({ displayName: 'A', slug: 'Acme' }), ['organization.slug string.pattern']],
    [
      'a metadata key and value out of bounds',
      organization({ displayName: 'A', metadata: { ab: 'x', good: '' } }),
      ['organization.metadata["ab"] string.min_len', 'organization.metadata["good"] string.min_len'],
    ],
    [
      'eleven metadata entries',
      organization({
        displayName: 'A',
        metadata: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`key${at}`, 'v'])),
      }),
      ['organization.metadata map.max_pairs'],
    ],
    [
      'an enum value that does not exist',
      organization({ displayName: 'A', regionCode: 9 }),
      ['organization.region_code enum.defined_only'],
    ],
    ['a good request', organization({ displayName: 'Acme', slug: 'acme-1.example', metadata: { plan: 'gold' } }), []],
  ])('judges %s', (_, message, expected) => {
    expect(fieldsOf(CreateOrganizationRequestSchema, message)).toEqual(expected);
  });

  it('judges only the chosen member of a oneof', () => {
    const chosen = create(GetUserRequestSchema, { identities: { case: 'externalId', value: '' } });
    expect(fieldsOf(GetUserRequestSchema, chosen)).toEqual(['external_id string.min_len']);
    expect(fieldsOf(GetUserRequestSchema, create(GetUserRequestSchema))).toEqual([]);
    const wrong = create(GetUserRequestSchema, { identities: { case: 'id', value: 'org_1' } });
    expect(fieldsOf(GetUserRequestSchema, wrong)).toEqual(['id string.prefix']);
  });

  it('judges list items, and conditions in the expression language', () => {
    const role = create(CreateRoleRequestSchema, {
      role: { name: 'a', displayName: 'A', permissions: ['fine', 'not fine'] },
    });
    expect(fieldsOf(CreateRoleRequestSchema, role)).toEqual(['role.permissions[1] string.pattern']);
    const oauth = create(CreateConnectionRequestSchema, {
      organizationId: 'org_1',
      connection: { type: 4, provider: 1 },
    });
    expect(fieldsOf(CreateConnectionRequestSchema, oauth)).toEqual(['connection expression']);
    const none = create(CreateConnectionRequestSchema, { organizationId: 'org_1', connection: { type: 2 } });
    expect(validateMessage(CreateConnectionRequestSchema, none)[0]?.description).toContain(
      'provider or provider_key is required',
    );
  });

  it('says what to do in each description', () => {
    const query = create(SearchOrganizationsRequestSchema, { query: 'ab' });
    expect(validateMessage(SearchOrganizationsRequestSchema, query)).toEqual([
      { field: 'query', constraint: 'string.min_len', description: 'query must have at least 3 characters.' },
    ]);
    expect(fieldsOf(GetDirectoryRequestSchema, create(GetDirectoryRequestSchema, { id: 'dir_1' }))).toEqual([
      'organization_id string.min_len',
    ]);
  });

  it.each(['lnk_1234', '9b2d5f0e-4c1a-4f6e-8b1d-0a1b2c3d4e5f', '9b2d5f0e-4c1a-4f6e-8b1d-0a1b2c3d4e5f_p'])(
    'takes %s for a portal link, as both kinds of id name one',
    (linkId) => {
      const message = create(DeletePortalLinkByIdRequestSchema, { id: 'org_1', linkId });
      expect(fieldsOf(DeletePortalLinkByIdRequestSchema, message)).toEqual([]);
      const other = create(DeletePortalLinkByIdRequestSchema, { id: 'org_1', linkId: `x${linkId}` });
      expect(fieldsOf(DeletePortalLinkByIdRequestSchema, other)).toEqual(['link_id string.pattern']);
    },
  );

  it('departs from the descriptors where the overrides say so', () => {
    const domain = create(CreateDomainRequestSchema, {
      identities: { case: 'externalId', value: 'x'.repeat(60) },
      domain: { domain: 'acme.com' },
    });
    expect(fieldsOf(CreateDomainRequestSchema, domain)).toEqual([]);
    const link = create(GeneratePortalLinkRequestSchema, { id: 'org_1', features: [77 as Feature] });
    expect(fieldsOf(GeneratePortalLinkRequestSchema, link)).toEqual([]);
  });

  it('clamps page sizes and never refuses them', () => {
    const list = create(ListOrganizationsRequestSchema, { pageSize: 5000 });
    clampPageSize(ListOrganizationsRequestSchema, list);
    expect(list.pageSize).toBe(100);
    const search = create(SearchOrganizationsRequestSchema, { query: 'acme', pageSize: 4_000_000 });
    expect(fieldsOf(SearchOrganizationsRequestSchema, search)).toEqual([]);
    clampPageSize(SearchOrganizationsRequestSchema, search);
    expect(search.pageSize).toBe(30);
    const small = create(ListOrganizationsRequestSchema, { pageSize: 5 });
    clampPageSize(ListOrganizationsRequestSchema, small);
    expect(small.pageSize).toBe(5);
  });
});

describe('WireMessage', () => {
  it('reads each kind of field, and refuses what is not a message', () => {
    const bytes = Uint8Array.from([
      0x08, 0x96, 0x01, 0x12, 0x02, 0x68, 0x69, 0x1a, 0x02, 0x08, 0x01, 0x22, 0x02, 0x03, 0x04,
    ]);
    const message = new WireMessage(bytes);
    expect(message.numbers).toEqual([1, 2, 3, 4]);
    expect(message.number(1)).toBe(150);
    expect(message.text(2)).toBe('hi');
    expect(message.message(3)?.flag(1)).toBe(true);
    expect(message.integers(4)).toEqual([3, 4]);
    expect(message.text(9)).toBeUndefined();
    expect(() => new WireMessage(Uint8Array.from([0x12, 0x7f, 0x00]))).toThrow();
  });
});
