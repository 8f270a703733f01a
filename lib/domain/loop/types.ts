/** How a background loop goes, over all replicas. */
export interface LoopState {
  readonly name: string;
  /** How long it sleeps when there is nothing to do, in milliseconds. */
  readonly everyMs: number;
  readonly runCount: number;
  /** When it last ran to its end. */
  readonly lastRunAt: Date | null;
  /** What went wrong the last time something did. */
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
  /** What waits for it, for loops that follow something; null for others. */
  readonly backlog: LoopBacklog | null;
}

export interface LoopBacklog {
  readonly count: number;
  /** For how long the oldest has waited, in milliseconds; 0 if none does. */
  readonly lagMs: number;
}

/** What a process has to tell of a loop since it last did. */
export interface LoopReport {
  readonly name: string;
  readonly everyMs: number;
  readonly runCount: number;
  readonly lastRunAt: Date | null;
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
}
