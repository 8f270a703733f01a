/** The largest numbers that a policy may name: what is beyond them would switch the protection off without saying so. */
export const POLICY_LIMITS = {
  breakerPeople: 100_000,
  breakerPercent: 100,
  graceHours: 720,
  protectedRoles: 20,
} as const;

/** What holds when a directory removes people, or brings more than there are seats. */
export interface RemovalPolicy {
  /** As what a deactivation is announced: as `user_deleted`, or as `user_updated` with `active: false`. */
  readonly announceAs: 'delete' | 'update';
  readonly isBreakerOn: boolean;
  /** The breaker trips when within an hour more people than this are removed, … */
  readonly breakerPeople: number;
  /** … and more than this share of those who were active when the hour began. */
  readonly breakerPercent: number;
  /** For how long each removal waits before the application is told; 0 for not at all. */
  readonly graceHours: number;
  /** Names of roles that somebody of the organization must always have. */
  readonly protectedRoles: readonly string[];
  /** What happens to people beyond the organization's limit: their request is refused, or they are held back. */
  readonly seatOverflow: 'refuse' | 'hold';
  /** Whether the customer's admins may release and restore people. */
  readonly canAdminsDecide: boolean;
}

/** What holds for a directory of which nobody chose anything. The columns of `removal_policy` have the same defaults. */
export const DEFAULT_POLICY: RemovalPolicy = {
  announceAs: 'delete',
  isBreakerOn: true,
  breakerPeople: 25,
  breakerPercent: 20,
  graceHours: 0,
  protectedRoles: [],
  seatOverflow: 'refuse',
  canAdminsDecide: false,
};

/** What a customer's admins may make stricter. */
export type AdminPolicy = Partial<
  Pick<RemovalPolicy, 'isBreakerOn' | 'breakerPeople' | 'breakerPercent' | 'graceHours' | 'protectedRoles'>
>;

/** The policy of a directory: what the operator chose, what the customer's admins made stricter, and what holds. */
export interface DirectoryPolicy {
  readonly operator: RemovalPolicy;
  readonly admin: AdminPolicy;
  readonly effective: RemovalPolicy;
}

/**
 * Why the application is not told of someone yet: too many were removed at once, the policy gives time to undo, nobody else has a
 * protected role, or the organization has no seat left.
 */
export type HoldReason = 'breaker' | 'grace' | 'last_holder' | 'seat';

/** What each reason is called. */
export const HOLD_TITLES: Readonly<Record<HoldReason, string>> = {
  breaker: 'Many people removed at once',
  grace: 'In the grace period',
  last_holder: 'Last person with a protected role',
  seat: 'No seat left',
};

/** Someone of whom the application is not told for now. */
export interface HeldPerson {
  readonly userId: string;
  readonly reason: HoldReason;
  readonly since: Date;
  /** When it goes out by itself; null where someone must decide. */
  readonly releaseAt: Date | null;
  /** As the directory has them now. */
  readonly state: 'active' | 'inactive' | 'deleted';
  /** What the application takes them to be; null if it knows nothing of them. */
  readonly isToldActive: boolean | null;
  readonly name: string;
  readonly email: string | null;
  /** Names of the roles that they keep until it is decided, the effective one first. */
  readonly roles: readonly string[];
}

/** What is held of a directory. */
export interface HeldSummary {
  /** People by reason. */
  readonly counts: Readonly<Record<HoldReason, number>>;
  /** Since when the longest of those that someone must decide waits. */
  readonly since: Date | null;
  /** Whether each further removal is held until someone decides. */
  readonly isTripped: boolean;
  /** People removed within the last hour, held ones included. */
  readonly removedWithinHour: number;
}

/** Someone whom the directory removed and of whom the application was told, so that only restoring brings them back. */
export interface RecentRemoval {
  readonly userId: string;
  readonly removedAt: Date;
  readonly state: 'inactive' | 'deleted';
  readonly name: string;
  readonly email: string | null;
}

/** What came of restoring people: each by itself. */
export interface RestoreResult {
  readonly restored: readonly string[];
  readonly failed: readonly { readonly userId: string; readonly message: string }[];
}

/** A directory where people wait for a decision. */
export interface WaitingDirectory {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly directoryId: string;
  readonly directoryName: string;
  readonly people: number;
  /** Since when the first of them waits. */
  readonly since: Date;
}
