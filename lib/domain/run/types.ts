/**
 * What a run is the consequence of: members of a group changed, a group deleted, a role mapping applied, roles or their defaults changed,
 * attributes mapped otherwise, a directory deleted (which looks at groups too).
 */
export type RunKind = 'members' | 'group_deleted' | 'role_mapping' | 'roles' | 'attributes' | 'directory_deleted';

/** What each kind of run is called. */
export const RUN_TITLES: Readonly<Record<RunKind, string>> = {
  members: 'Members of a group changed',
  group_deleted: 'Group deleted',
  role_mapping: 'Role mapping applied',
  roles: 'Roles changed',
  attributes: 'Attribute mapping changed',
  directory_deleted: 'Directory deleted',
};

/**
 * How many people one transaction tells of: a change with more consequences leaves them to a run. Enough for nearly every change, and
 * well under a second on either database.
 */
export const TOLD_AT_ONCE = 1000;

/** Consequences for many people that go on, in batches, after the change that caused them. */
export interface Run {
  readonly id: string;
  readonly kind: RunKind;
  readonly organizationId: string;
  readonly directoryId: string;
  /** The group that it is about, for kinds that are about one. */
  readonly subjectId: string | null;
  readonly actor: string;
  readonly requestId: string;
  /** People to look at, as counted when it began. */
  readonly total: number;
  /** People looked at so far. */
  readonly done: number;
  /** Those of them who had something to be told. */
  readonly told: number;
  /** Why the last batch failed, while it waits to be tried again. */
  readonly error: string | null;
  readonly startedAt: Date;
  readonly updatedAt: Date;
  /** Null while it goes on. */
  readonly finishedAt: Date | null;
}
