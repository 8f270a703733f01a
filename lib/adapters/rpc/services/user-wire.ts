import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { RoleSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb.js';
import { MembershipStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb.js';
import type {
  CreateUserProfile,
  UpdateUserProfile,
  UserSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb.js';
import type { Context } from '@/lib/core/context';
import { invalidField } from '@/lib/core/error';
import { fullNameOf, type RoleChoice, type User, type UserProfile, type UserRef } from '@/lib/domain/member/types';
import { listPermissionsOfRoles } from '@/lib/domain/role/queries';

type Identities =
  | { readonly case: 'id' | 'externalId'; readonly value: string }
  | { readonly case: undefined; readonly value?: undefined };

/** Whom a request names. Throws `invalid_argument` if it names nobody. */
export function readUserRef(identities: Identities): UserRef {
  if (identities.case === 'id') return { id: identities.value };
  if (identities.case === 'externalId') return { externalId: identities.value };
  throw invalidField('id', 'Name the user by id or by external_id.');
}

/**
 * The roles that a request names, by name or, without one, by id.
 * @param field where the request has them, for the error of one that has neither
 */
export function readRoleChoices(field: string, roles: readonly { id: string; name: string }[]): RoleChoice[] {
  return roles.map(({ id, name }, at) => {
    if (name) return { name };
    if (id) return { id };
    throw invalidField(`${field}[${at}].name`, 'Name the role by its name or by its id.');
  });
}

/** A map of a request, or undefined if it is empty: a map cannot say that it is absent, so an empty one leaves things as they are. */
export function readMap(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined {
  return Object.keys(map).length > 0 ? map : undefined;
}

/**
 * The fields of a profile that a request names; texts that were not sent stay undefined. First and given name are two names of the
 * same thing, as are last and family name. Throws `invalid_argument` if they contradict each other.
 */
export function readProfile(
  profile: CreateUserProfile | UpdateUserProfile | undefined,
): Partial<UserProfile> | undefined {
  if (!profile) return undefined;
  const sent: Partial<UserProfile> = {
    givenName: readEither('first_name', profile.firstName, 'given_name', profile.givenName),
    familyName: readEither('last_name', profile.lastName, 'family_name', profile.familyName),
    name: profile.name,
    locale: profile.locale,
    phoneNumber: profile.phoneNumber,
    preferredUsername: profile.preferredUsername,
    picture: profile.picture,
    gender: profile.gender,
    groups: profile.groups.length > 0 ? profile.groups : undefined,
    customAttributes: readMap(profile.customAttributes),
    metadata: readMap(profile.metadata),
  };
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined));
}

function readEither(
  name: string,
  value: string | undefined,
  otherName: string,
  other: string | undefined,
): string | undefined {
  if (!value || !other || value === other) return value || (other ?? value);
  throw invalidField(
    `user_profile.${name}`,
    `${name} and ${otherName} mean the same, so they cannot differ. Send one of them.`,
  );
}

/** People as the wire shows them, with what each of them may do in each organization. */
export async function showUsers(ctx: Context, users: readonly User[]): Promise<MessageInitShape<typeof UserSchema>[]> {
  const roles = new Map(users.flatMap(({ memberships }) => memberships.flatMap((m) => m.roles.map((r) => [r.id, r]))));
  const permissions = await listPermissionsOfRoles(ctx, { roles: [...roles.values()], isInheritedIncluded: true });
  const permissionsOf = (roleId: string) => permissions.get(roleId)?.map(({ name }) => name) ?? [];
  return users.map((user) => writeUser(user, permissionsOf));
}

function writeUser(
  user: User,
  permissionsOf: (roleId: string) => readonly string[],
): MessageInitShape<typeof UserSchema> {
  const { profile } = user;
  return {
    id: user.id,
    environmentId: user.environmentId,
    createTime: timestampFromDate(user.createdAt),
    updateTime: timestampFromDate(user.updatedAt),
    email: user.email,
    externalId: user.externalId ?? undefined,
    metadata: { ...user.metadata },
    userProfile: {
      // A person has one profile, so its id follows from theirs.
      id: user.id.replace(/^usr_/, 'usp_'),
      givenName: profile.givenName,
      firstName: profile.givenName,
      familyName: profile.familyName,
      lastName: profile.familyName,
      name: fullNameOf(profile),
      locale: profile.locale,
      phoneNumber: profile.phoneNumber,
      preferredUsername: profile.preferredUsername,
      picture: profile.picture,
      gender: profile.gender,
      groups: [...profile.groups],
      customAttributes: { ...profile.customAttributes },
      metadata: { ...profile.metadata },
    },
    memberships: user.memberships.map((membership) => ({
      organizationId: membership.organizationId,
      name: membership.organizationName,
      displayName: membership.organizationName,
      membershipStatus: MembershipStatus[membership.status],
      provisioningMethod: membership.provisioningMethod,
      roles: membership.roles.map(writeRole),
      permissions: [...new Set(membership.roles.flatMap(({ id }) => permissionsOf(id)))].toSorted(),
      metadata: { ...membership.metadata },
      inviterEmail: membership.inviterEmail ?? undefined,
      createdAt: timestampFromDate(membership.createdAt),
      joinTime: membership.joinedAt ? timestampFromDate(membership.joinedAt) : undefined,
    })),
  };
}

/** A role as the wire shows it beside a person. */
export function writeRole(role: {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
}): MessageInitShape<typeof RoleSchema> {
  return { id: role.id, name: role.name, displayName: role.displayName };
}
