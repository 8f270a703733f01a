import { clsx } from 'clsx';
import { Check } from 'lucide-react';
import Link from 'next/link';

/** One step of a {@link Stepper}. */
export interface Step {
  label: string;
  /** Where a step that was already reached can be visited again. */
  href?: string;
}

/** Props of {@link Stepper}. */
export interface StepperProps {
  steps: readonly Step[];
  /** Index of the current step, from 0. `steps.length` when all are done. */
  current: number;
  /** Names the navigation. Default "Progress". */
  label?: string;
  /** "Step 2 of 4", for pages that are not in English. */
  position?: (current: number, total: number) => string;
}

/** Where one is on the way: all steps by name where there is room, otherwise a bar and the current step's name. */
export function Stepper({
  steps,
  current,
  label = 'Progress',
  position = (step, total) => `Step ${step} of ${total}`,
}: StepperProps) {
  const shown = Math.min(current, steps.length - 1);
  return (
    <nav aria-label={label}>
      <p className="mb-2 flex items-baseline justify-between gap-3 sm:hidden">
        <span className="font-medium">{steps[shown]?.label}</span>
        <span className="text-sm text-ink-soft tabular-nums">{position(shown + 1, steps.length)}</span>
      </p>
      <ol className="flex gap-1.5 sm:gap-3">
        {steps.map((step, index) => {
          const isDone = index < current;
          const isCurrent = index === current;
          const words = (
            <>
              <span
                aria-hidden="true"
                className={clsx(
                  'h-1 rounded-full',
                  isDone || isCurrent ? 'bg-accent-ink' : 'bg-line-strong',
                  isCurrent && 'opacity-100',
                )}
              />
              <span
                className={clsx(
                  'mt-2 flex items-center gap-1.5 text-sm max-sm:sr-only',
                  isCurrent ? 'font-medium text-ink' : 'text-ink-soft',
                )}
              >
                {isDone && <Check size={14} aria-hidden="true" className="shrink-0 text-accent-ink" />}
                <span className="truncate">{step.label}</span>
                {isDone && <span className="sr-only">(done)</span>}
              </span>
            </>
          );
          return (
            <li key={step.label} aria-current={isCurrent ? 'step' : undefined} className="min-w-0 flex-1">
              {step.href && !isCurrent ? (
                <Link
                  href={step.href}
                  className="flex flex-col rounded-sm max-sm:py-2.5 sm:pb-1 hover:[&_.truncate]:text-ink hover:[&_.truncate]:underline"
                >
                  {words}
                </Link>
              ) : (
                <div className="flex flex-col max-sm:py-2.5 sm:pb-1">{words}</div>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
