import { systemContext } from '@/lib/core/context';
import { onWake, type WakeTopic } from '@/lib/db/wake';
import { reportLoops } from '@/lib/domain/loop/commands';
import type { LoopReport } from '@/lib/domain/loop/types';

/** A task that runs by itself, again and again; safe in several replicas at once and after a crash. */
export interface Loop {
  readonly name: string;
  /** How long it sleeps when there is nothing to do. What other replicas caused is found after this long at the latest. */
  readonly everyMs: number;
  /** What ends its sleep at once. */
  readonly wokenBy?: WakeTopic;
  /** Between two runs while it is woken all the time: what comes meanwhile is done together. 10 unless given. */
  readonly gatherMs?: number;
  /** Returns true to run again without sleeping. */
  run(): Promise<boolean | void>;
  /** Called once when the loops stop, after its last run. */
  finish?(): Promise<void>;
}

/** Between two runs of a loop that is woken all the time, so that others get the database too. */
const GATHER_MS = 10;
/** How often what the loops did is written down for Dashboard > System. */
const REPORT_EVERY_MS = 5000;

interface Progress {
  runCount: number;
  lastRunAt: Date | null;
  lastError: string | null;
  lastErrorAt: Date | null;
}

const noProgress = (): Progress => ({ runCount: 0, lastRunAt: null, lastError: null, lastErrorAt: null });

/**
 * Starts `loops`. A loop waits for its last run before the next, and one that fails is logged, shown in Dashboard > System and tried again.
 * @returns what stops them and waits for what runs
 */
export function startRunning(loops: readonly Loop[]): () => Promise<void> {
  const progress = new Map(loops.map((loop) => [loop.name, noProgress()]));
  const report: Loop = {
    name: 'loop-reports',
    everyMs: REPORT_EVERY_MS,
    run: async () => {
      const reports: LoopReport[] = [];
      for (const { name, everyMs } of loops) {
        const made = progress.get(name);
        if (!made || (made.runCount === 0 && made.lastError === null)) continue;
        reports.push({ name, everyMs, ...made });
        progress.set(name, noProgress());
      }
      await reportLoops(systemContext('loop-reports'), reports);
    },
  };
  const stops = [...loops, report].map((loop) => startLoop(loop, progress));
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

function startLoop(loop: Loop, progress: ReadonlyMap<string, Progress>): () => Promise<void> {
  const gatherMs = loop.gatherMs ?? GATHER_MS;
  let isStopped = false;
  let isWoken = false;
  let endedAt = 0;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const runOnce = async (): Promise<boolean> => {
    isWoken = false;
    try {
      const hasMore = (await loop.run()) === true;
      // Read after the run: a report in between began a new one.
      const made = progress.get(loop.name);
      if (made) Object.assign(made, { runCount: made.runCount + 1, lastRunAt: new Date() });
      return hasMore;
    } catch (error) {
      console.error(`The ${loop.name} loop failed and will try again:`, error);
      const made = progress.get(loop.name);
      if (made) Object.assign(made, { lastError: String(error), lastErrorAt: new Date() });
      isWoken = false;
      return false;
    }
  };
  const schedule = (delayMs: number): void => {
    clearTimeout(timer);
    if (isStopped || running) return;
    timer = setTimeout(() => {
      running = runOnce().then((hasMore) => {
        running = undefined;
        endedAt = performance.now();
        schedule(hasMore ? 0 : isWoken ? gatherMs : loop.everyMs);
      });
    }, delayMs);
    timer.unref();
  };
  const stopListening = loop.wokenBy
    ? onWake(loop.wokenBy, () => {
        if (isWoken) return;
        isWoken = true;
        schedule(Math.max(0, endedAt + gatherMs - performance.now()));
      })
    : undefined;
  schedule(loop.everyMs);
  return async () => {
    isStopped = true;
    stopListening?.();
    clearTimeout(timer);
    await running;
    await loop.finish?.();
  };
}
