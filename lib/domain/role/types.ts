/** A role of the application, as one viewer sees it: the environment, or one organization with its own defaults. */
export interface Role {
  readonly id: string;
  /** What the application and the API know it by. Unique among the environment's roles, and in each organization. */
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** Null for a role of the environment, which every organization has. */
  readonly organizationId: string | null;
  /** Smaller numbers go first. */
  readonly priority: number;
  /** The role whose permissions this one has too. */
  readonly baseRoleId: string | null;
  readonly baseName: string | null;
  /** Whether who creates an organization gets it. */
  readonly isDefaultCreator: boolean;
  /** Whether who joins gets it: the organization's default if it has one, else the environment's. */
  readonly isDefaultMember: boolean;
  /** Roles that the viewer may see and that extend this one directly. */
  readonly dependentCount: number;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Something that a role may allow. */
export interface Permission {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A permission of a role, and the role that it comes from: the role itself or one that it extends. */
export interface RolePermission extends Permission {
  readonly roleName: string;
}

/** Limits, of the contract where it sets one. Lists of roles have no pages, so their number and depth are bounded. */
export const ROLE_LIMITS = {
  name: 64,
  displayName: 100,
  description: 2000,
  permissions: 100,
  rolesPerScope: 500,
  inheritanceLevels: 10,
  priority: 1000,
} as const;

/** The priority of a role that was given none: in the middle, so that others can go before and after. */
export const DEFAULT_PRIORITY = 100;
