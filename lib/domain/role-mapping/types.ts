/** Most assignments of one directory. Groups in the thousands are possible, roles for each of them are not a mapping any more. */
export const MAX_ASSIGNMENTS = 1000;

/** That the people of a group have a role. */
export interface RoleAssignment {
  readonly groupId: string;
  readonly roleId: string;
  readonly roleName: string;
}

/** An assignment as someone asks for it. A role is named by its name or id; where both are given, both must mean it. */
export interface AssignmentChoice {
  readonly groupId: string;
  readonly roleName?: string;
  readonly roleId?: string;
}

/** What names a directory. */
export interface DirectoryRef {
  readonly organizationId: string;
  readonly directoryId: string;
}

/** A role as a mapping shows it. */
export interface MappedRole {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
}

/** A group of a directory with the roles that its people have from it, the effective one first. */
export interface MappedGroup {
  readonly id: string;
  readonly displayName: string;
  /** People in it directly: those who have the roles. Members of nested groups are not among them. */
  readonly memberCount: number;
  readonly nestedGroupCount: number;
  readonly roles: readonly MappedRole[];
}

/** What a change of a mapping does to a person: names of roles, the effective one first. */
export interface RoleChange {
  readonly userId: string;
  readonly userName: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What applying a mapping would do. */
export interface MappingPreview {
  /** Assignments that would be new, and those that would go. */
  readonly added: readonly RoleAssignment[];
  readonly removed: readonly RoleAssignment[];
  /** People whose roles change; some of them gain one role and lose another. */
  readonly changing: number;
  readonly gaining: number;
  readonly losing: number;
  /** By role name, only those that somebody gains or loses. */
  readonly roles: readonly { readonly name: string; readonly gaining: number; readonly losing: number }[];
  readonly people: readonly RoleChange[];
  /** Where the list of people goes on; empty at its end. */
  readonly nextPageToken: string;
}

/** Why a person has the roles they have. */
export type RoleRule = 'mapping' | 'organization_default' | 'environment_default' | 'none' | 'inactive';

/** The chain from a person's groups over the mapping, or the default, to their roles. */
export interface RoleExplanation {
  readonly rule: RoleRule;
  /** The effective one first. `groups` are those that give it; none for a default. */
  readonly roles: readonly (MappedRole & { readonly groups: readonly GroupName[] })[];
  /** All groups that the person is in directly, and what each gives. */
  readonly groups: readonly (GroupName & { readonly roleNames: readonly string[] })[];
  /** Groups that one of these is nested in. They give the person nothing. */
  readonly nestedIn: readonly (GroupName & { readonly roleNames: readonly string[] })[];
}

export interface GroupName {
  readonly id: string;
  readonly displayName: string;
}
