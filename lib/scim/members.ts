import type { Json } from './attribute';
import { isJsonObject } from './attribute';
import { invalidFilter, invalidValue, mutability } from './error';
import type { PatchOperation } from './patch-operation';
import { memberIdFromReference } from './quirks';
import { MAX_KEY_LENGTH_BYTES } from './schema';
import type { Filter, PatchPath } from './syntax';
import { assertStorableText } from './value';

/** A member of a group. `type` is absent when the client did not say it (Okta omits it). */
export interface MemberReference {
  /** The id of a user or group of this service. */
  readonly value: string;
  readonly type?: 'User' | 'Group';
}

/** What a PATCH does to the members of a group, as one change. */
export interface MembersChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** True when the result is exactly `add`. */
  readonly replace: boolean;
}

/** A group PATCH, taken apart: neither part depends on the other. */
export interface GroupPatchPlan {
  /** For applyPatch, in order. */
  readonly operations: readonly PatchOperation[];
  /** Absent when no operation says anything about members. */
  readonly members?: MembersChange;
}

/**
 * Reads a `members` value: objects, plain ids, one or a list. Null elements are skipped; members named twice count once,
 * the first time. A member with only `$ref` gets the id at the end of it.
 * @throws ScimError invalidValue when an element does not name a member
 */
export function readMembers(raw: Json | undefined): MemberReference[] {
  const list = raw === undefined || raw === null ? [] : Array.isArray(raw) ? raw : [raw];
  const members = new Map<string, MemberReference>();
  for (const item of list) {
    if (item === null) continue;
    const member = readMember(item);
    if (!members.has(member.value)) members.set(member.value, member);
  }
  return [...members.values()];
}

function readMember(item: Json): MemberReference {
  if (typeof item === 'string') return { value: readId(item) };
  if (!isJsonObject(item)) throw invalidValue('Each member is an object with the id of a user or group as "value".');
  let value: Json | undefined;
  let reference: Json | undefined;
  let type: Json | undefined;
  for (const [name, member] of Object.entries(item)) {
    const key = name.toLowerCase();
    if (key === 'value') value = member;
    else if (key === '$ref') reference = member;
    else if (key === 'type') type = member;
  }
  if (value === undefined || value === null) {
    value = typeof reference === 'string' ? memberIdFromReference(reference) : undefined;
  }
  const id = readId(value);
  const memberType = readMemberType(type) ?? typeFromReference(reference);
  return memberType === undefined ? { value: id } : { value: id, type: memberType };
}

function readId(value: Json | undefined): string {
  if (typeof value !== 'string' || value === '') {
    throw invalidValue('Each member needs the id of a user or group as "value".');
  }
  assertStorableText(value, 'members.value', MAX_KEY_LENGTH_BYTES);
  return value;
}

/** Unknown types are left out: the id decides, and `type` is only a hint. */
function readMemberType(type: Json | undefined): 'User' | 'Group' | undefined {
  const key = typeof type === 'string' ? type.toLowerCase() : '';
  if (key === 'user') return 'User';
  return key === 'group' ? 'Group' : undefined;
}

function typeFromReference(reference: Json | undefined): 'User' | 'Group' | undefined {
  const match = typeof reference === 'string' ? /(?:^|\/)(Users|Groups)\/[^/]+$/i.exec(reference) : null;
  if (match === null) return undefined;
  return match[1]?.toLowerCase() === 'users' ? 'User' : 'Group';
}

/** Whether a path leads to the members of a group. */
export function isMembersPath(path: PatchPath): boolean {
  return !path.isExtension && path.attribute.name === 'members';
}

/**
 * Takes a group PATCH apart so that it needs no member list: memberships are rows. What the operations do to members one
 * after the other comes out as one change, so that a client which sends an operation for each member, or removes all to
 * add some again, moves nobody who stays. Adding a present member and removing an absent one are left to succeed (RFC 7644
 * §3.5.2.1). An operation that does not name members never touches them.
 * @throws ScimError mutability for a change inside a member; invalidFilter for a member filter that is not about ids
 */
export function planGroupPatch(operations: readonly PatchOperation[]): GroupPatchPlan {
  const members = new MembersDraft();
  const rest = operations.filter((operation) => !isMembersPath(operation.path));
  for (const operation of operations) if (isMembersPath(operation.path)) members.apply(operation);
  const change = members.change();
  return { operations: rest, ...(change === undefined ? {} : { members: change }) };
}

class MembersDraft {
  private readonly added = new Set<string>();
  private readonly removed = new Set<string>();
  private isReplaced = false;

  apply({ op, path, value }: PatchOperation): void {
    if (path.subAttribute !== undefined || (path.filter !== undefined && op !== 'remove')) {
      throw mutability('A member cannot be changed; remove it and add the other one.');
    }
    if (path.filter !== undefined) {
      const ids = idsOfFilter(path.filter);
      if (ids === undefined) {
        throw invalidFilter('Name the members to remove by id, such as members[value eq "id"].');
      }
      this.remove(ids);
      return;
    }
    const ids = readMembers(value).map((member) => member.value);
    if (op === 'remove' && value !== undefined) this.remove(ids);
    else if (op === 'add') this.add(ids);
    else this.replace(ids);
  }

  private add(ids: readonly string[]): void {
    for (const id of ids) {
      this.removed.delete(id);
      this.added.add(id);
    }
  }

  private remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.added.delete(id);
      this.removed.add(id);
    }
  }

  private replace(ids: readonly string[]): void {
    this.isReplaced = true;
    this.added.clear();
    this.add(ids);
  }

  change(): MembersChange | undefined {
    const isNothing = !this.isReplaced && this.added.size === 0 && this.removed.size === 0;
    if (isNothing) return undefined;
    return { add: [...this.added], remove: this.isReplaced ? [] : [...this.removed], replace: this.isReplaced };
  }
}

/**
 * The ids that a member filter selects, or undefined when it cannot be told without looking at the members. A `type`
 * beside an id is not checked: ids of users and groups never coincide.
 */
function idsOfFilter(filter: Filter): readonly string[] | undefined {
  switch (filter.kind) {
    case 'compare': {
      const isId = filter.operator === 'eq' && filter.path.subAttribute?.name === 'value';
      return isId && typeof filter.value === 'string' ? [filter.value] : undefined;
    }
    case 'or': {
      const ids: string[] = [];
      for (const part of filter.filters) {
        const partIds = idsOfFilter(part);
        if (partIds === undefined) return undefined;
        ids.push(...partIds);
      }
      return ids;
    }
    case 'and':
      return idsOfConjunction(filter.filters);
    default:
      return undefined;
  }
}

function idsOfConjunction(filters: readonly Filter[]): readonly string[] | undefined {
  let ids: readonly string[] | undefined;
  for (const part of filters) {
    if (part.kind === 'compare' && part.operator === 'eq' && part.path.subAttribute?.name === 'type') continue;
    const partIds = idsOfFilter(part);
    if (partIds === undefined) return undefined;
    const allowed = new Set(partIds);
    ids = ids === undefined ? partIds : ids.filter((id) => allowed.has(id));
  }
  return ids;
}
