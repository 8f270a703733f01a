import type { Run } from '@/lib/domain/run/types';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import { RUN_TITLES } from '@/lib/domain/run/types';

function Progress({ run }: { run: Run }) {
  const share = run.total === 0 ? 1 : Math.min(1, run.done / run.total);
  return (
    <progress
      max={1}
      value={share}
      aria-label={RUN_TITLES[run.kind]}
      className="h-1.5 w-full overflow-hidden rounded-full [&::-moz-progress-bar]:bg-accent-ink [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent-ink"
    />
  );
}

/** How changes with many consequences go: people who were looked at, of all. */
export function RunList({ runs }: { runs: readonly Run[] }) {
  return (
    <ul className="divide-y divide-line">
      {runs.map((run) => (
        <li key={run.id} className="space-y-1.5 px-4 py-3">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="font-medium">{RUN_TITLES[run.kind]}</span>
            <span className="text-sm text-ink-soft tabular-nums">
              {run.finishedAt ? (
                <>
                  Done <RelativeTime at={run.finishedAt} />
                </>
              ) : (
                `${run.done.toLocaleString('en')} of ${run.total.toLocaleString('en')}`
              )}
            </span>
          </div>
          {!run.finishedAt && <Progress run={run} />}
          <p className="text-sm text-ink-soft tabular-nums">
            {run.told.toLocaleString('en')} of {run.done.toLocaleString('en')} had something to be told of.
          </p>
          {run.error && !run.finishedAt && (
            <Notice tone="warning">The last batch failed and will be tried again: {run.error}</Notice>
          )}
        </li>
      ))}
    </ul>
  );
}
