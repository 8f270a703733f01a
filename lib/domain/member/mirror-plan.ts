import { foldKey } from '@/lib/scim/fold';
import type { MembershipStatus, UserProfile } from './types';

/** What the application was told of a person of a directory. */
export interface Told {
  readonly organizationId: string;
  readonly directoryId: string;
  readonly directoryUserId: string;
  /** `gone` once the directory does not have the person any more. */
  readonly state: 'active' | 'inactive' | 'gone';
  /** Empty if the directory gave none. */
  readonly email: string;
  /** The part of a profile that directories give, empty texts included. */
  readonly profile: Partial<UserProfile>;
  readonly roleNames: readonly string[];
  readonly cause: Cause;
}

/** Who caused a change, in which request. */
export interface Cause {
  readonly actor: string;
  readonly requestId: string;
}

/** That a directory has a person of the organization. */
export interface Share {
  readonly organizationId: string;
  readonly directoryId: string;
  readonly directoryUserId: string;
  readonly userId: string;
  readonly isActive: boolean;
  readonly roleIds: readonly string[];
}

/** As much of a person as directories decide on. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly isFoundByEmail: boolean;
  readonly isMadeByDirectory: boolean;
  /** The application's own; no directory writes it. */
  readonly externalId: string | null;
  readonly profile: UserProfile;
}

/** What is known before anything is told: all that has to do with the people whom it may be about. */
export interface Known {
  readonly people: readonly Person[];
  readonly memberships: readonly {
    readonly organizationId: string;
    readonly userId: string;
    readonly isMadeByApi: boolean;
    readonly status: MembershipStatus;
    /** Whether the organization is being deleted, so that it sees nobody any more. */
    readonly isHidden: boolean;
  }[];
  /** All shares of these people. */
  readonly shares: readonly Share[];
  /** Those that are not being deleted. Others make nobody a member. */
  readonly liveDirectoryIds: ReadonlySet<string>;
  readonly liveOrganizationIds: ReadonlySet<string>;
  /** Whether the email's domain is verified for the organization. */
  isProven(organizationId: string, email: string): boolean;
  roleIdOf(organizationId: string, name: string): string | undefined;
  newPerson(): Pick<Person, 'id' | 'externalId' | 'profile'>;
}

/** What is to be written: first what ends, then what is there. */
export interface Plan {
  readonly endedShares: readonly Pick<Share, 'directoryId' | 'directoryUserId' | 'userId'>[];
  readonly endedMemberships: readonly { readonly organizationId: string; readonly userId: string }[];
  readonly gonePeople: readonly string[];
  readonly newPeople: readonly Person[];
  readonly changedPeople: readonly Person[];
  /** Those that are new, or whose status changes. */
  readonly memberships: readonly {
    readonly organizationId: string;
    readonly userId: string;
    readonly status: 'ACTIVE' | 'INACTIVE';
  }[];
  /** Those that are new or change. */
  readonly shares: readonly Share[];
  /** What caused the last change to each person. */
  readonly causes: ReadonlyMap<string, Cause>;
}

interface MembershipState {
  readonly organizationId: string;
  readonly isMadeByApi: boolean;
  readonly isHidden: boolean;
  /** As it is stored; undefined for a new one. */
  readonly status: MembershipStatus | undefined;
  readonly shares: Map<string, Share>;
}

interface PersonState {
  person: Person;
  readonly memberships: Map<string, MembershipState>;
}

const contentOf = ({ isActive, roleIds }: Share) => `${isActive} ${roleIds.join(' ')}`;

type ShareKey = Pick<Share, 'directoryId' | 'directoryUserId'>;

const keyOf = ({ directoryId, directoryUserId }: ShareKey) => `${directoryId} ${directoryUserId}`;

/**
 * What becomes of people and memberships when all of `told` is told, one after the other (docs/decisions/0021-members-mirror-directories.md). The rules:
 * - A person of a directory is linked to whoever is found by their email if its domain is verified for the organization, and is a
 *   person of their own otherwise. The link stays while the directory has them.
 * - A directory writes the profile of a person whom no other organization sees, and the email of one whom a directory made.
 * - A membership is there while the API or a directory gives it, and active while the API or an active person of a directory does.
 * - Whom a directory made goes with their last membership.
 */
export function planMembers(known: Known, told: readonly Told[]): Plan {
  const states = new Map<string, PersonState>();
  const idsByEmail = new Map<string, string>();
  const userIds = new Map<string, string>();
  const ended = {
    shares: new Map<string, Plan['endedShares'][number]>(),
    memberships: new Map<string, { organizationId: string; userId: string }>(),
    people: new Set<string>(),
  };
  const written = { shares: new Map<string, Share>(), memberships: new Map<string, [string, string]>() };
  const causes = new Map<string, Cause>();
  const before = new Map(known.people.map((person) => [person.id, person]));
  const sharesBefore = new Map(known.shares.map((share) => [keyOf(share), share]));
  for (const person of known.people) {
    states.set(person.id, { person, memberships: new Map() });
    if (person.isFoundByEmail) idsByEmail.set(foldKey(person.email), person.id);
  }
  for (const { userId, ...membership } of known.memberships) {
    states.get(userId)?.memberships.set(membership.organizationId, { ...membership, shares: new Map() });
  }
  for (const share of known.shares) {
    states.get(share.userId)?.memberships.get(share.organizationId)?.shares.set(keyOf(share), share);
    userIds.set(keyOf(share), share.userId);
  }

  for (const each of told) {
    if (!known.liveOrganizationIds.has(each.organizationId)) continue;
    const userId = userIds.get(keyOf(each));
    const state = userId === undefined ? undefined : states.get(userId);
    if (state && each.state === 'gone') takeAway(state, each);
    else if (state) keepInStep(state, each);
    else if (each.state === 'active' && known.liveDirectoryIds.has(each.directoryId)) keepInStep(arrive(each), each);
  }
  return toPlan();

  /** The person whom someone new in a directory is. */
  function arrive({ organizationId, email }: Told): PersonState {
    const isProven = known.isProven(organizationId, email);
    const foundId = isProven ? idsByEmail.get(foldKey(email)) : undefined;
    const found = foundId === undefined ? undefined : states.get(foundId);
    if (found) return found;
    const person = { ...known.newPerson(), email, isFoundByEmail: isProven, isMadeByDirectory: true };
    const state: PersonState = { person, memberships: new Map() };
    states.set(person.id, state);
    if (isProven) idsByEmail.set(foldKey(email), person.id);
    return state;
  }

  function keepInStep(state: PersonState, each: Told): void {
    const { organizationId, directoryId, directoryUserId } = each;
    const { id } = state.person;
    const membership = state.memberships.get(organizationId) ?? {
      organizationId,
      isMadeByApi: false,
      isHidden: false,
      status: undefined,
      shares: new Map<string, Share>(),
    };
    state.memberships.set(organizationId, membership);
    const isActive = each.state === 'active';
    const roleIds = isActive ? each.roleNames.flatMap((name) => known.roleIdOf(organizationId, name) ?? []) : [];
    const share = { organizationId, directoryId, directoryUserId, userId: id, isActive, roleIds };
    membership.shares.set(keyOf(each), share);
    userIds.set(keyOf(each), id);
    written.shares.set(keyOf(each), share);
    written.memberships.set(`${organizationId} ${id}`, [organizationId, id]);
    causes.set(id, each.cause);
    const isSeenElsewhere = [...state.memberships.values()].some(
      (other) => other.organizationId !== organizationId && !other.isHidden,
    );
    if (!isSeenElsewhere) describe(state, each);
  }

  function describe(state: PersonState, { organizationId, email, profile }: Told): void {
    const { person } = state;
    if (!person.isMadeByDirectory) {
      // What the API said of its own person and the directory does not know, stays.
      const given = Object.fromEntries(Object.entries(profile).filter(([, value]) => !isEmpty(value)));
      state.person = { ...person, profile: { ...person.profile, ...given } };
      return;
    }
    let { isFoundByEmail } = person;
    const [oldKey, newKey] = [foldKey(person.email), foldKey(email)];
    if (isFoundByEmail && oldKey !== newKey) {
      idsByEmail.delete(oldKey);
      isFoundByEmail = known.isProven(organizationId, email) && !idsByEmail.has(newKey);
      if (isFoundByEmail) idsByEmail.set(newKey, person.id);
    }
    state.person = { ...person, email, isFoundByEmail, profile: { ...person.profile, ...profile } };
  }

  function takeAway(state: PersonState, each: Told): void {
    const { person } = state;
    const { organizationId, directoryId, directoryUserId, cause } = each;
    const key = keyOf(each);
    const membership = state.memberships.get(organizationId);
    userIds.delete(key);
    written.shares.delete(key);
    ended.shares.set(key, { directoryId, directoryUserId, userId: person.id });
    causes.set(person.id, cause);
    membership?.shares.delete(key);
    written.memberships.set(`${organizationId} ${person.id}`, [organizationId, person.id]);
    if (!membership || membership.isMadeByApi || membership.shares.size > 0) return;
    state.memberships.delete(organizationId);
    ended.memberships.set(`${organizationId} ${person.id}`, { organizationId, userId: person.id });
    if (!person.isMadeByDirectory || state.memberships.size > 0) return;
    states.delete(person.id);
    ended.people.add(person.id);
    if (person.isFoundByEmail) idsByEmail.delete(foldKey(person.email));
  }

  function toPlan(): Plan {
    const left = [...states.values()].map(({ person }) => person);
    return {
      endedShares: [...ended.shares.values()],
      endedMemberships: [...ended.memberships.values()],
      gonePeople: [...ended.people].filter((id) => before.has(id)),
      newPeople: left.filter(({ id }) => !before.has(id)),
      changedPeople: left.filter((person) => {
        const old = before.get(person.id);
        return old && JSON.stringify(old) !== JSON.stringify(person);
      }),
      memberships: [...written.memberships.values()].flatMap(([organizationId, userId]) => {
        const membership = states.get(userId)?.memberships.get(organizationId);
        if (!membership) return [];
        const isActive = membership.isMadeByApi || [...membership.shares.values()].some((share) => share.isActive);
        const status = isActive ? 'ACTIVE' : 'INACTIVE';
        return status === membership.status ? [] : [{ organizationId, userId, status } as const];
      }),
      shares: [...written.shares.values()].filter((share) => {
        const old = sharesBefore.get(keyOf(share));
        return !old || ended.shares.has(keyOf(share)) || contentOf(old) !== contentOf(share);
      }),
      causes,
    };
  }
}

function isEmpty(value: unknown): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}
