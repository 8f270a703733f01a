import type { JsonObject } from '@bufbuild/protobuf';
import {
  type ScalekitClient,
  ScalekitBadRequestException,
  ScalekitConflictException,
  ScalekitNotFoundException,
  ScalekitServerException,
} from '@scalekit-sdk/node';
import type {
  CreatePermission,
  CreateRole,
  UpdateRole,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js';
import { asc, eq, like, or } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newContext } from '@/lib/core/context';
import { database } from '@/lib/db/handle';
import { event } from '@/lib/db/tables/event';
import { defaultRole, role as roleTable } from '@/lib/db/tables/role';
import { removeDeletedOrganizations } from '@/lib/domain/organization/commands';
import { createRole as createRoleCommand, updateRole as updateRoleCommand } from '@/lib/domain/role/commands';
import { listOrganizationRoles, listRoles } from '@/lib/domain/role/queries';
import { startTestApi, type TestApi } from './testing';

let api: TestApi;
let sdk: ScalekitClient;
let serial = 0;

beforeAll(async () => {
  api = await startTestApi();
  sdk = api.newSdk();
});

afterAll(() => api.close());

type NewRole = { name?: string; displayName?: string; description?: string; extends?: string; permissions?: string[] };

const withDefaults = (fields: NewRole) => {
  const name = fields.name ?? `role_${(serial += 1)}`;
  return { displayName: name, permissions: [], ...fields, name } as unknown as CreateRole;
};

async function makeRole(fields: NewRole = {}) {
  return (await sdk.role.createRole(withDefaults(fields))).role!;
}

async function makeOrganizationRole(orgId: string, fields: NewRole = {}) {
  return (await sdk.role.createOrganizationRole(orgId, withDefaults(fields) as never)).role!;
}

async function makePermission(name = `thing_${(serial += 1)}:read`, description = 'Reads things') {
  return (await sdk.permission.createPermission({ name, description } as CreatePermission)).permission!;
}

async function makePermissions(count: number): Promise<string[]> {
  const names: string[] = [];
  // One after the other, so that their names ascend.
  while (names.length < count)
    names.push((await makePermission(`p${String((serial += 1)).padStart(6, '0')}:use`)).name);
  return names;
}

async function makeOrganization(): Promise<string> {
  return (await sdk.organization.createOrganization(`Customer ${(serial += 1)}`)).organization!.id;
}

const change = (fields: Partial<UpdateRole>) => fields as UpdateRole;

/** What went wrong: the SDK's class, our code, and the fields at fault. */
async function failureOf(work: Promise<unknown>) {
  const error = await work.then(
    () => expect.fail('It did not fail.'),
    (thrown: unknown) => thrown as ScalekitServerException,
  );
  expect(error).toBeInstanceOf(ScalekitServerException);
  const fields = error.unpackedDetails.flatMap(
    (detail) => detail.validationErrorInfo?.fieldViolations.map(({ field }) => field) ?? [],
  );
  return { type: error.constructor, code: error.errorCode, fields, message: error.message };
}

async function rest(method: string, path: string, body?: unknown): Promise<{ status: number; body: JsonObject }> {
  const response = await fetch(`${api.origin}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${await api.fetchToken()}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}

async function eventsOf(id: string) {
  return database().orm.select().from(event).where(eq(event.resourceId, id)).orderBy(asc(event.n));
}

const namesOf = (items: readonly { name: string }[]) => items.map(({ name }) => name);

describe('roles of the environment', () => {
  test('are created whole and found by name', async () => {
    const [read, write] = (await makePermissions(2)) as [string, string];
    const role = await makeRole({
      name: 'content_editor',
      displayName: 'Content editor',
      description: 'Edits content',
      permissions: [write, read, write],
    });
    expect(role).toMatchObject({
      id: expect.stringMatching(/^role_\d{21}$/),
      name: 'content_editor',
      displayName: 'Content editor',
      description: 'Edits content',
      defaultCreator: false,
      defaultMember: false,
      dependentRolesCount: 0,
      isOrgRole: false,
    });
    expect(role.extends).toBeUndefined();
    expect(role.permissions.map(({ name, roleName }) => [name, roleName])).toEqual([
      [read, 'content_editor'],
      [write, 'content_editor'],
    ]);
    const { role: found } = await sdk.role.getRole('content_editor');
    expect(found).toEqual({ ...role, permissions: [] });
  });

  test('over REST are created with 201 and look the same as over gRPC', async () => {
    const [use] = (await makePermissions(1)) as [string];
    const fields = { name: 'rest_role', display_name: 'REST', description: 'From REST', permissions: [use] };
    const { status, body } = await rest('POST', '/roles', fields);
    expect(status).toBe(201);
    const viaSdk = (await sdk.role.getRole('rest_role')).role!;
    const shared = {
      id: viaSdk.id,
      name: 'rest_role',
      display_name: 'REST',
      description: 'From REST',
      is_org_role: false,
    };
    expect(body['role']).toMatchObject({ ...shared, permissions: [{ name: use, role_name: 'rest_role' }] });
    expect((await rest('GET', '/roles/rest_role')).body['role']).toMatchObject({ ...shared, permissions: [] });
    const included = await rest('GET', '/roles/rest_role?include=permissions');
    expect(included.body['role']).toEqual(body['role']);
    expect((await rest('GET', '/roles/rest_role?include=everything')).status).toBe(400);
    expect(await rest('DELETE', '/roles/rest_role')).toEqual({ status: 200, body: {} });
    expect(await rest('GET', '/roles/rest_role')).toMatchObject({
      status: 404,
      body: { error_code: 'RESOURCE_NOT_FOUND' },
    });
  });

  test('share no name', async () => {
    const { name } = await makeRole();
    expect(await failureOf(makeRole({ name }))).toMatchObject({
      type: ScalekitConflictException,
      code: 'RESOURCE_ALREADY_EXISTS',
      fields: ['name'],
    });
    const tries = await Promise.allSettled([1, 2, 3, 4].map(() => makeRole({ name: 'raced' })));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('are refused with the fields that are wrong, and nothing is written', async () => {
    const before = namesOf((await sdk.role.listRoles()).roles);
    const [use] = (await makePermissions(1)) as [string];
    const cases: [NewRole, string[]][] = [
      [{ name: 'no spaces' }, ['role.name']],
      [{ displayName: '' }, ['role.display_name']],
      [{ displayName: '   ' }, ['display_name']],
      [{ description: 'x'.repeat(2001) }, ['role.description']],
      [{ extends: 'nobody' }, ['extends']],
      [{ permissions: [use, 'not:there', 'nor:this'] }, ['permissions[1]', 'permissions[2]']],
    ];
    for (const [fields, wrong] of cases) {
      expect(await failureOf(makeRole(fields))).toMatchObject({
        type: ScalekitBadRequestException,
        code: 'VALIDATION_ERROR',
        fields: wrong,
      });
    }
    expect(namesOf((await sdk.role.listRoles()).roles)).toEqual(before);
  });

  test('change only in what an update names, and given permissions replace the old ones', async () => {
    const [a, b, c] = (await makePermissions(3)) as [string, string, string];
    const { name, id } = await makeRole({ description: 'As it was', permissions: [a, b] });
    const renamed = (await sdk.role.updateRole(name, change({ displayName: 'Renamed' }))).role!;
    expect(renamed).toMatchObject({ id, displayName: 'Renamed', description: 'As it was' });
    expect(namesOf(renamed.permissions)).toEqual([a, b]);
    const given = (await sdk.role.updateRole(name, change({ permissions: [c, b] }))).role!;
    expect(namesOf(given.permissions)).toEqual([b, c]);
    const put = await rest('PUT', `/roles/${name}`, { description: 'Said again' });
    expect(put.body['role']).toMatchObject({ display_name: 'Renamed', description: 'Said again' });
    expect(await failureOf(sdk.role.updateRole(name, change({ permissions: ['not:there'] })))).toMatchObject({
      code: 'VALIDATION_ERROR',
      fields: ['permissions[0]'],
    });
    expect(await failureOf(sdk.role.updateRole('nobody', change({ displayName: 'X' })))).toMatchObject({
      type: ScalekitNotFoundException,
      code: 'RESOURCE_NOT_FOUND',
    });
  });

  test('are listed by priority, then by name, with permissions where asked', async () => {
    const [use] = (await makePermissions(1)) as [string];
    await makeRole({ name: 'order_b', permissions: [use] });
    await makeRole({ name: 'order_a' });
    await createRoleCommand(api.ctx, { name: 'order_z', displayName: 'First', priority: 1 });
    const { roles } = await sdk.role.listRoles();
    expect(namesOf(roles).filter((name) => name.startsWith('order_'))).toEqual(['order_z', 'order_a', 'order_b']);
    expect(roles.every(({ permissions }) => permissions.length === 0)).toBe(true);
    const { body } = await rest('GET', '/roles?include=permissions');
    const shown = (body['roles'] as JsonObject[]).find(({ name }) => name === 'order_b');
    expect(shown?.['permissions']).toMatchObject([{ name: use }]);
    await updateRoleCommand(api.ctx, { name: 'order_b', priority: 2 });
    const again = namesOf(await listRoles(api.ctx)).filter((name) => name.startsWith('order_'));
    expect(again).toEqual(['order_z', 'order_b', 'order_a']);
  });

  test('are gone once deleted, and their name is free', async () => {
    const { name } = await makeRole();
    await sdk.role.deleteRole(name);
    expect(await failureOf(sdk.role.getRole(name))).toMatchObject({ type: ScalekitNotFoundException });
    expect(await failureOf(sdk.role.deleteRole(name))).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    await makeRole({ name });
  });

  test('are not deleted while somebody has them', async () => {
    const role = await makeRole();
    const { sql } = database();
    await sql.rows('create table holder(role_id text references role(id))');
    await sql.rows('insert into holder(role_id) values ($1)', [role.id]);
    expect(await failureOf(sdk.role.deleteRole(role.name))).toMatchObject({
      type: ScalekitBadRequestException,
      code: 'ROLE_IN_USE',
    });
    expect((await sdk.role.getRole(role.name)).role).toEqual(role);
    await sql.rows('drop table holder');
    await sdk.role.deleteRole(role.name);
  });
});

describe('inheritance', () => {
  test('gives a role what its bases have, and says which role each permission comes from', async () => {
    const [a, b, c] = (await makePermissions(3)) as [string, string, string];
    const viewer = await makeRole({ permissions: [a] });
    const editor = await makeRole({ extends: viewer.name, permissions: [b, a] });
    const admin = await makeRole({ extends: editor.name, permissions: [c] });
    expect(admin.extends).toBe(editor.name);
    expect(namesOf((await sdk.permission.listRolePermissions(admin.name)).permissions)).toEqual([c]);
    const { permissions } = await sdk.permission.listEffectiveRolePermissions(admin.name);
    expect(namesOf(permissions)).toEqual([a, b, c]);
    const { body } = await rest('GET', `/roles/${admin.name}?include=permissions:all`);
    expect((body['role'] as JsonObject)['permissions']).toMatchObject([
      { name: a, role_name: editor.name },
      { name: b, role_name: editor.name },
      { name: c, role_name: admin.name },
    ]);
    const all = await rest('GET', '/roles?include=permissions:all');
    expect(all.body['roles']).toContainEqual(body['role']);
  });

  test('lists and counts the roles that extend one directly, those of organizations too', async () => {
    const base = await makeRole();
    const direct = await makeRole({ name: `x_${base.name}`, extends: base.name });
    await makeRole({ extends: direct.name });
    const [mine, theirs] = [await makeOrganization(), await makeOrganization()];
    const own = await makeOrganizationRole(mine, { name: `y_${base.name}`, extends: base.name });
    const { roles } = await sdk.role.listDependentRoles(base.name);
    expect(roles.map(({ name, isOrgRole }) => [name, isOrgRole])).toEqual([
      [own.name, true],
      [direct.name, false],
    ]);
    expect((await sdk.role.getRole(base.name)).role?.dependentRolesCount).toBe(2);
    const seenBy = async (organization: string) =>
      (await sdk.role.listOrganizationRoles(organization)).roles.find(({ id }) => id === base.id)?.dependentRolesCount;
    expect([await seenBy(mine), await seenBy(theirs)]).toEqual([2, 1]);
    await sdk.organization.deleteOrganization(mine);
    expect((await sdk.role.listDependentRoles(base.name)).roles.map(({ id }) => id)).toEqual([direct.id]);
    expect(await failureOf(sdk.role.listDependentRoles('nobody'))).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  });

  test('never goes round in a circle', async () => {
    const a = await makeRole();
    const b = await makeRole({ extends: a.name });
    const c = await makeRole({ extends: b.name });
    for (const base of [a, b, c]) {
      expect(await failureOf(sdk.role.updateRole(a.name, change({ extends: base.name })))).toMatchObject({
        type: ScalekitBadRequestException,
        code: 'VALIDATION_ERROR',
        fields: ['extends'],
      });
    }
    const [x, y] = [await makeRole(), await makeRole()];
    const raced = await Promise.allSettled([
      sdk.role.updateRole(x.name, change({ extends: y.name })),
      sdk.role.updateRole(y.name, change({ extends: x.name })),
    ]);
    expect(raced.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('ends after ten levels, wherever in the chain a base is set', async () => {
    const chain = [await makeRole()];
    for (let level = 1; level <= 10; level += 1) {
      chain.push(await makeRole({ extends: chain.at(-1)!.name }));
    }
    const tooDeep = { code: 'VALIDATION_ERROR', fields: ['extends'] };
    expect(await failureOf(makeRole({ extends: chain.at(-1)!.name }))).toMatchObject(tooDeep);
    const above = await makeRole();
    expect(await failureOf(sdk.role.updateRole(chain[0]!.name, change({ extends: above.name })))).toMatchObject(
      tooDeep,
    );
  });

  test('is removed by removing the base, once', async () => {
    const base = await makeRole();
    const { name } = await makeRole({ extends: base.name });
    await sdk.role.deleteRoleBase(name);
    expect((await sdk.role.getRole(name)).role?.extends).toBeUndefined();
    expect(await failureOf(sdk.role.deleteRoleBase(name))).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  });

  test('keeps a base from being deleted', async () => {
    const base = await makeRole();
    const dependent = await makeRole({ extends: base.name });
    const failure = await failureOf(sdk.role.deleteRole(base.name));
    expect(failure).toMatchObject({ type: ScalekitBadRequestException, code: 'ROLE_HAS_DEPENDENTS' });
    expect(failure.message).toContain(dependent.name);
    await sdk.role.deleteRole(dependent.name);
    await sdk.role.deleteRole(base.name);
  });
});

describe('roles of an organization', () => {
  test('are its own: another organization has neither them nor their names', async () => {
    const [mine, theirs] = [await makeOrganization(), await makeOrganization()];
    const role = await makeOrganizationRole(mine, { name: 'lead', description: 'Leads' });
    expect(role).toMatchObject({ name: 'lead', isOrgRole: true });
    expect((await sdk.role.getOrganizationRole(mine, 'lead')).role).toEqual(role);
    expect((await rest('GET', `/organizations/${mine}/roles/lead`)).body['role']).toMatchObject({
      id: role.id,
      is_org_role: true,
    });
    expect(await failureOf(sdk.role.getOrganizationRole(theirs, 'lead'))).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    expect(await failureOf(sdk.role.getRole('lead'))).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    expect(namesOf((await sdk.role.listRoles()).roles)).not.toContain('lead');
    const other = await makeOrganizationRole(theirs, { name: 'lead' });
    await sdk.role.updateOrganizationRole(mine, 'lead', change({ displayName: 'Team lead' }));
    expect((await sdk.role.getOrganizationRole(theirs, 'lead')).role).toEqual(other);
    await sdk.role.deleteOrganizationRole(mine, 'lead');
    expect((await sdk.role.getOrganizationRole(theirs, 'lead')).role).toEqual(other);
    expect(await failureOf(sdk.role.deleteOrganizationRole(mine, 'lead'))).toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
  });

  test('are listed with those of the environment, its own first among equals', async () => {
    const organization = await makeOrganization();
    const environment = await makeRole({ name: `aa_${(serial += 1)}` });
    const own = await makeOrganizationRole(organization, { name: 'zz_own' });
    const { roles } = await sdk.role.listOrganizationRoles(organization);
    const names = namesOf(roles);
    expect(names.indexOf(own.name)).toBeLessThan(names.indexOf(environment.name));
    expect(roles.filter(({ isOrgRole }) => isOrgRole).map(({ id }) => id)).toEqual([own.id]);
    const all = await rest('GET', `/organizations/${organization}/roles`);
    expect(namesOf(all.body['roles'] as unknown as { name: string }[])).toEqual(names);
  });

  test('never have the name of an environment role, nor the reverse', async () => {
    const organization = await makeOrganization();
    const taken = { type: ScalekitConflictException, code: 'RESOURCE_ALREADY_EXISTS', fields: ['name'] };
    const { name } = await makeRole();
    expect(await failureOf(makeOrganizationRole(organization, { name }))).toMatchObject(taken);
    const own = await makeOrganizationRole(organization);
    expect(await failureOf(makeOrganizationRole(organization, { name: own.name }))).toMatchObject(taken);
    expect(await failureOf(makeRole({ name: own.name }))).toMatchObject(taken);
    await sdk.organization.deleteOrganization(organization);
    await makeRole({ name: own.name });
  });

  test('extend environment roles and their own, not those of others', async () => {
    const [a, b] = (await makePermissions(2)) as [string, string];
    const [mine, theirs] = [await makeOrganization(), await makeOrganization()];
    const environment = await makeRole({ permissions: [a] });
    const base = await makeOrganizationRole(mine, { extends: environment.name, permissions: [b] });
    const role = await makeOrganizationRole(mine, { extends: base.name });
    const { body } = await rest('GET', `/organizations/${mine}/roles/${role.name}?include=permissions:all`);
    expect((body['role'] as JsonObject)['permissions']).toMatchObject([
      { name: a, role_name: environment.name },
      { name: b, role_name: base.name },
    ]);
    const unknown = { code: 'VALIDATION_ERROR', fields: ['extends'] };
    expect(await failureOf(makeOrganizationRole(theirs, { extends: base.name }))).toMatchObject(unknown);
    expect(await failureOf(makeRole({ extends: base.name }))).toMatchObject(unknown);
    expect(await failureOf(sdk.role.deleteRole(environment.name))).toMatchObject({ code: 'ROLE_HAS_DEPENDENTS' });
    await sdk.role.deleteOrganizationRoleBase(mine, base.name);
    expect((await sdk.role.getOrganizationRole(mine, base.name)).role?.extends).toBeUndefined();
    await sdk.role.deleteRole(environment.name);
  });

  test('need an organization that is there', async () => {
    const gone = await makeOrganization();
    await sdk.organization.deleteOrganization(gone);
    for (const organization of [gone, 'org_1']) {
      const tries = [
        makeOrganizationRole(organization),
        sdk.role.listOrganizationRoles(organization),
        sdk.role.getOrganizationRole(organization, 'any'),
        sdk.role.updateOrganizationRole(organization, 'any', change({ displayName: 'X' })),
        sdk.role.updateDefaultOrganizationRoles(organization, 'any'),
        sdk.role.deleteOrganizationRole(organization, 'any'),
      ];
      for (const failure of await Promise.all(tries.map(failureOf))) {
        expect(failure).toMatchObject({
          type: ScalekitNotFoundException,
          message: expect.stringContaining('organization'),
        });
      }
    }
  });

  test('go with the organization, which nothing else notices', async () => {
    const organization = await makeOrganization();
    const base = await makeRole();
    const own = await makeOrganizationRole(organization, { extends: base.name });
    const other = await makeOrganizationRole(organization, { extends: own.name });
    await sdk.role.updateDefaultOrganizationRoles(organization, own.name);
    await sdk.organization.deleteOrganization(organization);
    await removeDeletedOrganizations(api.ctx);
    const { orm } = database();
    const left = await orm
      .select()
      .from(roleTable)
      .where(or(eq(roleTable.id, own.id), eq(roleTable.id, other.id)));
    expect(left).toEqual([]);
    expect(await orm.select().from(defaultRole).where(eq(defaultRole.scope, organization))).toEqual([]);
    await sdk.role.deleteRole(base.name);
  });

  test('are shown to whoever visits its portal, and to nobody of another organization', async () => {
    const organization = await makeOrganization();
    const own = await makeOrganizationRole(organization);
    const visitor = {
      kind: 'portalSession',
      id: 'ps_1',
      linkId: 'lnk_1',
      features: [],
      organizationId: organization,
    } as const;
    expect(namesOf(await listOrganizationRoles(newContext(visitor), organization))).toContain(own.name);
    const stranger = newContext({ ...visitor, organizationId: 'org_2' });
    await expect(listOrganizationRoles(stranger, organization)).rejects.toMatchObject({ code: 'not_found' });
    const create = createRoleCommand(newContext(visitor), {
      name: 'own',
      displayName: 'Own',
      organizationId: organization,
    });
    await expect(create).rejects.toMatchObject({ code: 'permission_denied' });
  });
});

describe('default roles', () => {
  test('of the environment hold for every organization that has none of its own', async () => {
    const [creator, member, other] = [await makeRole(), await makeRole(), await makeRole()];
    const set = await sdk.role.updateDefaultRoles({ defaultCreatorRole: creator.name, defaultMemberRole: member.name });
    expect(set.defaultCreator).toMatchObject({ id: creator.id, defaultCreator: true, defaultMember: false });
    expect(set.defaultMember).toMatchObject({ id: member.id, defaultCreator: false, defaultMember: true });
    const [mine, theirs] = [await makeOrganization(), await makeOrganization()];
    const own = await makeOrganizationRole(mine);
    const defaultsOf = async (organization: string) => {
      const { roles } = await sdk.role.listOrganizationRoles(organization);
      const pick = (key: 'defaultCreator' | 'defaultMember') => roles.filter((role) => role[key]).map(({ id }) => id);
      return [pick('defaultCreator'), pick('defaultMember')];
    };
    const chosen = await sdk.role.updateDefaultOrganizationRoles(mine, own.name);
    expect(chosen.defaultMember).toMatchObject({ id: own.id, defaultMember: true, isOrgRole: true });
    expect(await defaultsOf(mine)).toEqual([[creator.id], [own.id]]);
    expect(await defaultsOf(theirs)).toEqual([[creator.id], [member.id]]);
    await sdk.role.updateDefaultOrganizationRoles(mine, other.name);
    expect(await defaultsOf(mine)).toEqual([[creator.id], [other.id]]);
    const changed = await sdk.role.updateDefaultRoles({ defaultMemberRole: creator.name });
    expect([changed.defaultCreator?.id, changed.defaultMember?.id]).toEqual([creator.id, creator.id]);
    expect((await sdk.role.getRole(member.name)).role?.defaultMember).toBe(false);
    expect(await defaultsOf(theirs)).toEqual([[creator.id], [creator.id]]);
  });

  test('are set over both paths of REST, and by the ids of older clients', async () => {
    const [a, b] = [await makeRole(), await makeRole()];
    const first = await rest('PATCH', '/roles:set_defaults', { default_member_role: a.name });
    expect(first).toMatchObject({ status: 200, body: { default_member: { name: a.name, default_member: true } } });
    const second = await rest('PATCH', '/roles/default', { default_member: { id: b.id } });
    expect(second).toMatchObject({ status: 200, body: { default_member: { name: b.name } } });
    const unknown = await rest('PATCH', '/roles/default', { default_member: { id: 'role_1' } });
    expect(unknown).toMatchObject({ status: 400, body: { error_code: 'VALIDATION_ERROR' } });
  });

  test('must be roles that the scope has, and at least one', async () => {
    const organization = await makeOrganization();
    const own = await makeOrganizationRole(organization);
    const refused = (field: string) => ({
      type: ScalekitBadRequestException,
      code: 'VALIDATION_ERROR',
      fields: [field],
    });
    expect(await failureOf(sdk.role.updateDefaultRoles({}))).toMatchObject(refused('default_member_role'));
    expect(await failureOf(sdk.role.updateDefaultRoles({ defaultMemberRole: own.name }))).toMatchObject(
      refused('default_member_role'),
    );
    expect(await failureOf(sdk.role.updateDefaultRoles({ defaultCreatorRole: 'nobody' }))).toMatchObject(
      refused('default_creator_role'),
    );
    const elsewhere = sdk.role.updateDefaultOrganizationRoles(await makeOrganization(), own.name);
    expect(await failureOf(elsewhere)).toMatchObject(refused('default_member_role'));
  });

  test('are deleted only when another role takes their place', async () => {
    const [old, next] = [await makeRole(), await makeRole()];
    const organization = await makeOrganization();
    await sdk.role.updateDefaultRoles({ defaultCreatorRole: old.name, defaultMemberRole: old.name });
    await sdk.role.updateDefaultOrganizationRoles(organization, old.name);
    expect(await failureOf(sdk.role.deleteRole(old.name))).toMatchObject({ code: 'ROLE_IS_DEFAULT' });
    const refused = { code: 'VALIDATION_ERROR', fields: ['reassign_role_name'] };
    expect(await failureOf(sdk.role.deleteRole(old.name, 'nobody'))).toMatchObject(refused);
    expect(await failureOf(sdk.role.deleteRole(old.name, old.name))).toMatchObject(refused);
    await sdk.role.deleteRole(old.name, next.name);
    const { role } = await sdk.role.getRole(next.name);
    expect(role).toMatchObject({ defaultCreator: true, defaultMember: true });
    const own = await makeOrganizationRole(organization);
    await sdk.role.updateDefaultOrganizationRoles(organization, own.name);
    expect(await failureOf(sdk.role.deleteOrganizationRole(organization, own.name))).toMatchObject({
      code: 'ROLE_IS_DEFAULT',
    });
    await sdk.role.deleteOrganizationRole(organization, own.name, next.name);
    const { roles } = await sdk.role.listOrganizationRoles(organization);
    expect(roles.filter(({ defaultMember }) => defaultMember).map(({ id }) => id)).toEqual([next.id]);
  });

  test('are deleted when an older client names by its id what takes their place', async () => {
    const [old, next] = [await makeRole(), await makeRole()];
    await sdk.role.updateDefaultRoles({ defaultMemberRole: old.name });
    const unknown = await rest('DELETE', `/roles/${old.name}?reassign_role_id=role_1`);
    expect(unknown).toMatchObject({ status: 400, body: { error_code: 'VALIDATION_ERROR' } });
    expect((await rest('DELETE', `/roles/${old.name}?reassign_role_id=${next.id}`)).status).toBe(200);
    expect((await sdk.role.getRole(next.name)).role!.defaultMember).toBe(true);
  });
});

describe('permissions', () => {
  test('are created, found and described anew, the same over REST', async () => {
    const made = await makePermission('invoices:read', 'Reads invoices');
    expect(made).toMatchObject({
      id: expect.stringMatching(/^perm_\d{21}$/),
      name: 'invoices:read',
      description: 'Reads invoices',
      isScalekitPermission: false,
    });
    expect(made.createTime).toEqual(made.updateTime);
    expect((await sdk.permission.getPermission('invoices:read')).permission).toEqual(made);
    const given = { name: 'invoices:read', description: 'Reads all invoices' } as CreatePermission;
    const updated = (await sdk.permission.updatePermission('invoices:read', given)).permission!;
    expect(updated).toMatchObject({ id: made.id, description: 'Reads all invoices' });
    const { body } = await rest('GET', '/permissions/invoices:read');
    expect(body['permission']).toMatchObject({
      id: made.id,
      description: 'Reads all invoices',
      is_scalekit_permission: false,
    });
    const created = await rest('POST', '/permissions', { name: 'invoices:write', description: 'Writes' });
    expect(created).toMatchObject({ status: 201, body: { permission: { name: 'invoices:write' } } });
  });

  test('share no name, keep theirs, and are refused with the field that is wrong', async () => {
    const { name } = await makePermission();
    expect(await failureOf(makePermission(name))).toMatchObject({
      type: ScalekitConflictException,
      code: 'RESOURCE_ALREADY_EXISTS',
    });
    const renamed = { name: 'another', description: 'X' } as CreatePermission;
    expect(await failureOf(sdk.permission.updatePermission(name, renamed))).toMatchObject({
      fields: ['permission.name'],
    });
    expect((await failureOf(makePermission('no spaces'))).type).toBe(ScalekitBadRequestException);
    const missing = [
      sdk.permission.getPermission('not:there'),
      sdk.permission.deletePermission('not:there'),
      sdk.permission.updatePermission('not:there', { name: 'not:there', description: 'X' } as CreatePermission),
    ];
    for (const failure of await Promise.all(missing.map(failureOf))) {
      expect(failure).toMatchObject({ type: ScalekitNotFoundException, code: 'RESOURCE_NOT_FOUND' });
    }
  });

  test('are listed by name, page by page, forwards and back, stable when one comes in between', async () => {
    const names = await makePermissions(5);
    const from = (await sdk.permission.listPermissions(undefined, 100)).permissions.findIndex(
      ({ name }) => name === names[0],
    );
    const start = from === 0 ? '' : (await sdk.permission.listPermissions(undefined, from)).nextPageToken;
    const first = await sdk.permission.listPermissions(start, 2);
    expect(namesOf(first.permissions)).toEqual(names.slice(0, 2));
    await makePermission(`${names[0]}:more`);
    const second = await sdk.permission.listPermissions(first.nextPageToken, 2);
    expect(namesOf(second.permissions)).toEqual(names.slice(2, 4));
    const back = await sdk.permission.listPermissions(second.prevPageToken, 2);
    expect(namesOf(back.permissions)).toEqual([`${names[0]}:more`, names[1]]);
    const all = await sdk.permission.listPermissions(undefined, 1000);
    expect(all.totalSize).toBe(all.permissions.length);
    expect(namesOf(all.permissions)).toEqual(namesOf(all.permissions).toSorted());
    expect(await failureOf(sdk.permission.listPermissions('made up', 2))).toMatchObject({ code: 'VALIDATION_ERROR' });
    const types = await Promise.all(
      ['SCALEKIT', 'ENVIRONMENT'].map((type) => rest('GET', `/permissions?type=${type}`)),
    );
    expect(types.map(({ body }) => body['total_size'])).toEqual([0, all.totalSize]);
  });

  test('are added to a role and taken from it one by one', async () => {
    const [a, b, c] = (await makePermissions(3)) as [string, string, string];
    const { name } = await makeRole({ permissions: [b] });
    const added = await sdk.permission.addPermissionsToRole(name, [c, a, b]);
    expect(namesOf(added.permissions)).toEqual([a, b, c]);
    await sdk.permission.removePermissionFromRole(name, b);
    expect(namesOf((await sdk.permission.listRolePermissions(name)).permissions)).toEqual([a, c]);
    expect(await failureOf(sdk.permission.removePermissionFromRole(name, b))).toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
    const refused = await failureOf(sdk.permission.addPermissionsToRole(name, [b, 'not:there']));
    expect(refused).toMatchObject({ code: 'VALIDATION_ERROR', fields: ['permission_names[1]'] });
    const { body } = await rest('GET', `/roles/${name}/permissions`);
    expect(namesOf(body['permissions'] as unknown as { name: string }[])).toEqual([a, c]);
    const missing = [
      sdk.permission.listRolePermissions('nobody'),
      sdk.permission.listEffectiveRolePermissions('nobody'),
      sdk.permission.addPermissionsToRole('nobody', [a]),
      sdk.permission.removePermissionFromRole('nobody', a),
    ];
    for (const failure of await Promise.all(missing.map(failureOf))) {
      expect(failure).toMatchObject({ type: ScalekitNotFoundException });
    }
  });

  test('are at most a hundred a role, also when they come in parts', async () => {
    const names = await makePermissions(101);
    const { name } = await makeRole({ permissions: names.slice(0, 100) });
    expect(await failureOf(sdk.permission.addPermissionsToRole(name, names.slice(99)))).toMatchObject({
      code: 'PERMISSION_LIMIT_REACHED',
    });
    expect((await sdk.permission.listRolePermissions(name)).permissions).toHaveLength(100);
  });

  test('are deleted only when no role has them', async () => {
    const [use] = (await makePermissions(1)) as [string];
    const organization = await makeOrganization();
    const { name } = await makeRole({ permissions: [use] });
    await makeOrganizationRole(organization, { permissions: [use] });
    const failure = await failureOf(sdk.permission.deletePermission(use));
    expect(failure).toMatchObject({ type: ScalekitBadRequestException, code: 'PERMISSION_IN_USE' });
    expect(failure.message).toContain(name);
    await sdk.permission.removePermissionFromRole(name, use);
    expect(await failureOf(sdk.permission.deletePermission(use))).toMatchObject({ code: 'PERMISSION_IN_USE' });
    await sdk.organization.deleteOrganization(organization);
    await sdk.permission.deletePermission(use);
    expect(await failureOf(sdk.permission.getPermission(use))).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  });
});

describe('events', () => {
  test('tell of each change to a role, with what was before, and of none when nothing changed', async () => {
    const [use] = (await makePermissions(1)) as [string];
    const base = await makeRole();
    const { id, name } = await makeRole({ displayName: 'Before', description: 'Same as ever', extends: base.name });
    await sdk.role.updateRole(name, change({ displayName: 'After', description: 'Same as ever' }));
    await sdk.role.updateRole(name, change({ displayName: 'After' }));
    await sdk.permission.addPermissionsToRole(name, [use]);
    await sdk.permission.addPermissionsToRole(name, [use]);
    await sdk.role.updateDefaultRoles({ defaultMemberRole: name });
    await sdk.role.updateDefaultRoles({ defaultMemberRole: base.name });
    await sdk.role.deleteRoleBase(name);
    await sdk.role.deleteRole(name);
    const events = await eventsOf(id);
    expect(events.map(({ type, version, previous }) => [type, version, previous])).toEqual([
      ['role.created', 1, null],
      ['role.updated', 2, { display_name: 'Before' }],
      ['role.updated', 3, { permissions: [] }],
      ['role.updated', 4, { default_member: false }],
      ['role.updated', 5, { default_member: true }],
      ['role.updated', 6, { extends: base.name }],
      ['role.deleted', 7, null],
    ]);
    const data = { id, name, display_name: 'After', description: 'Same as ever' };
    expect(events[4]).toMatchObject({ object: 'Role', organizationId: null, data: { ...data, extends: base.name } });
    expect(events[6]?.data).toEqual({ ...data, extends: null });
  });

  test("of an organization's role, or of its default, name the organization", async () => {
    const organization = await makeOrganization();
    const environment = await makeRole();
    const own = await makeOrganizationRole(organization);
    await sdk.role.updateDefaultOrganizationRoles(organization, own.name);
    await sdk.role.updateDefaultOrganizationRoles(organization, environment.name);
    const told = [...(await eventsOf(own.id)), ...(await eventsOf(environment.id))];
    expect(told.map(({ type, organizationId, previous }) => [type, organizationId, previous])).toEqual([
      ['role.created', organization, null],
      ['role.updated', organization, { default_member: false }],
      ['role.updated', organization, { default_member: true }],
      ['role.created', null, null],
      ['role.updated', organization, { default_member: false }],
    ]);
  });

  test('tell of each change to a permission', async () => {
    const { id, name } = await makePermission(undefined, 'Before');
    const describeAs = (description: string) =>
      sdk.permission.updatePermission(name, { name, description } as CreatePermission);
    await describeAs('After');
    await describeAs('After');
    await sdk.permission.deletePermission(name);
    const events = await eventsOf(id);
    expect(events.map(({ type, version, previous, object }) => [type, version, previous, object])).toEqual([
      ['permission.created', 1, null, 'Permission'],
      ['permission.updated', 2, { description: 'Before' }, 'Permission'],
      ['permission.deleted', 3, null, 'Permission'],
    ]);
    expect(events[1]?.data).toEqual({ id, name, description: 'After' });
  });

  test('are not written for what is refused', async () => {
    const count = async () =>
      (
        await database()
          .orm.select({ id: event.id })
          .from(event)
          .where(or(like(event.type, 'role.%'), like(event.type, 'permission.%')))
      ).length;
    const { name } = await makeRole();
    const before = await count();
    await failureOf(makeRole({ name }));
    await failureOf(sdk.role.updateRole(name, change({ displayName: 'X', extends: name })));
    await failureOf(sdk.permission.addPermissionsToRole(name, ['not:there']));
    expect(await count()).toBe(before);
  });
});
