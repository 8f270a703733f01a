import type { JsonObject, ResourceType } from '@/lib/scim/attribute';
import type { AttributePath, Filter } from '@/lib/scim/syntax';

/** The directory that a provisioning command writes to, and the organization that owns it. */
export interface DirectoryScope {
  readonly organizationId: string;
  readonly directoryId: string;
  /** What its users are made of, where it declares extensions of its own. */
  readonly userType?: ResourceType;
  /** Which attributes its users' `custom_attributes` are made of. */
  readonly attributeMappings?: readonly AttributeMapping[];
}

/** That an attribute of a directory's users, `key`, is told to the application as the custom attribute `mapTo`. */
export interface AttributeMapping {
  /** A path as PATCH has them: `title`, `emails[type eq "work"].value`, a URN and an attribute. */
  readonly key: string;
  readonly mapTo: string;
}

/** A person as SCIM stores them: `doc` is the resource without id, meta and groups. */
export interface StoredUser {
  readonly id: string;
  readonly doc: JsonObject;
  readonly isActive: boolean;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Groups that the person is in directly. */
  readonly groups: readonly GroupRef[];
}

/** A group as SCIM stores it: `doc` is the resource without id, meta and members. */
export interface StoredGroup {
  readonly id: string;
  readonly doc: JsonObject;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A member of a group: a person, or a nested group. */
export interface StoredMember {
  readonly id: string;
  readonly type: 'User' | 'Group';
  readonly display: string;
}

export interface GroupRef {
  readonly id: string;
  readonly displayName: string;
}

/** A person as lists and the API show them. */
export interface DirectoryUser {
  readonly id: string;
  readonly userName: string;
  readonly externalId: string | null;
  readonly email: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly displayName: string;
  readonly emails: readonly string[];
  readonly isActive: boolean;
  readonly groups: readonly GroupRef[];
  readonly doc: JsonObject;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A person as the application knows them. */
export interface ToldUser extends DirectoryUser {
  /** Since when the directory has removed the person, while the application is not told of it. */
  readonly removalPendingSince: Date | null;
}

/** A group as lists and the API show it. */
export interface DirectoryGroup {
  readonly id: string;
  readonly displayName: string;
  readonly externalId: string | null;
  readonly memberCount: number;
  readonly doc: JsonObject;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** How much a directory holds. */
export interface DirectoryCounts {
  readonly users: number;
  readonly groups: number;
  readonly userUpdatedAt: Date | null;
  readonly groupUpdatedAt: Date | null;
}

/** A change to the members of a group: ids of people and of nested groups. With `replace` the result is exactly `add`. */
export interface MemberChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly replace: boolean;
}

/** Which people or groups a SCIM list shows. */
export interface Selection {
  readonly filter?: Filter;
  readonly sort?: { readonly path: AttributePath; readonly order: 'ascending' | 'descending' };
  /** Rows to pass over; not with `after`. */
  readonly offset: number;
  readonly limit: number;
  /** Pages by key: from the start, or behind a place. */
  readonly after?: 'start' | ListPlace;
  /** Address of the directory's SCIM base, which filters on `$ref` and `meta.location` compare with. */
  readonly baseUrl: string;
}

/** A place in a list: a row, and its sort key as text, null when it has none. Without `key` the row's own is read. */
export interface ListPlace {
  readonly id: string;
  readonly key?: string | null;
}

/** A page of a SCIM list. */
export interface Found<Item> {
  readonly items: readonly Item[];
  /** Everything that matches, on all pages. */
  readonly total: number;
  /** The last row of this page, when the list is read by key and goes on. */
  readonly next?: { readonly id: string; readonly key: string | null };
}

/** A change to one resource as a pure function: the whole new document, or the same one when there is nothing to do. */
export type Apply = (current: JsonObject) => JsonObject;

/** Decides whether a version satisfies the caller's precondition (RFC 7644 §3.14). Absent: any version does. */
export type VersionTest = (version: number) => boolean;
