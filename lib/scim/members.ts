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

/** One step of a group PATCH, to be carried out in order within one change. */
export type GroupPatchStep =
  | { readonly kind: 'attributes'; readonly operations: readonly PatchOperation[] }
  | { readonly kind: 'members-add'; readonly members: readonly MemberReference[] }
  | { readonly kind: 'members-remove'; readonly ids: readonly string[] }
  | { readonly kind: 'members-remove-all' }
  | { readonly kind: 'members-replace'; readonly members: readonly MemberReference[] };

/**
 * Reads a `members` value: objects, plain ids, one or a list. Null elements are skipped; members named twice count once,
 * the first time. A member with only `$ref` gets the id at the end of it.
 * @throws ScimError invalidValue when an element does not name a member
 */
export function readMembers(raw: Json | undefined): MemberReference[] {
  const list = raw === undefined || raw === null ? [] : Array.isArray(raw) ? raw : [raw];
  return eachOnce(list.filter((item) => item !== null).map(readMember));
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
 * Splits a group PATCH into steps that need no member list: memberships are rows. Neighbouring operations of one kind form
 * one step, so that a client which sends an operation for each member makes one change. Adding a present member and removing
 * an absent one are left to succeed (RFC 7644 §3.5.2.1). An operation that does not name members never touches them.
 * @throws ScimError mutability for a change inside a member; invalidFilter for a member filter that is not about ids
 */
export function planGroupPatch(operations: readonly PatchOperation[]): GroupPatchStep[] {
  const steps: GroupPatchStep[] = [];
  let run: PatchOperation[] = [];
  for (const operation of operations) {
    if (isMembersPath(operation.path)) {
      const step = planMembers(operation);
      if (step !== undefined) steps.push(step);
      continue;
    }
    if (steps.at(-1)?.kind === 'attributes') run.push(operation);
    else {
      run = [operation];
      steps.push({ kind: 'attributes', operations: run });
    }
  }
  return joinNeighbours(steps);
}

function joinNeighbours(steps: readonly GroupPatchStep[]): GroupPatchStep[] {
  const joined: GroupPatchStep[] = [];
  for (let start = 0, end = 0; start < steps.length; start = end) {
    const step = steps[start]!;
    while (end < steps.length && steps[end]!.kind === step.kind) end += 1;
    const run = steps.slice(start, end);
    if (run.length > 1 && step.kind === 'members-add') {
      const members = run.flatMap((one) => (one.kind === 'members-add' ? one.members : []));
      joined.push({ kind: 'members-add', members: eachOnce(members) });
    } else if (run.length > 1 && step.kind === 'members-remove') {
      const ids = run.flatMap((one) => (one.kind === 'members-remove' ? one.ids : []));
      joined.push({ kind: 'members-remove', ids: [...new Set(ids)] });
    } else {
      joined.push(...run);
    }
  }
  return joined;
}

/** Members named twice count once, the first time. */
function eachOnce(list: readonly MemberReference[]): MemberReference[] {
  const members = new Map<string, MemberReference>();
  for (const member of list) if (!members.has(member.value)) members.set(member.value, member);
  return [...members.values()];
}

function planMembers(operation: PatchOperation): GroupPatchStep | undefined {
  const { op, path, value } = operation;
  if (path.subAttribute !== undefined) throw mutability('A member cannot be changed; remove it and add the other one.');
  if (path.filter !== undefined) {
    if (op !== 'remove') throw mutability('A member cannot be changed; remove it and add the other one.');
    const ids = idsOfFilter(path.filter);
    if (ids === undefined) {
      throw invalidFilter('Name the members to remove by id, such as members[value eq "id"].');
    }
    return { kind: 'members-remove', ids: [...new Set(ids)] };
  }
  if (op === 'remove') {
    if (value === undefined) return { kind: 'members-remove-all' };
    const ids = readMembers(value).map((member) => member.value);
    return ids.length === 0 ? undefined : { kind: 'members-remove', ids };
  }
  const members = readMembers(value);
  if (op === 'replace') return { kind: 'members-replace', members };
  return members.length === 0 ? undefined : { kind: 'members-add', members };
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
