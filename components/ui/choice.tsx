import type { ComponentPropsWithRef, ReactNode } from 'react';
import { clsx } from 'clsx';
import { useId } from 'react';
import { FieldError } from './field';

// A native checkbox says by itself whether it is checked; `aria-checked` would be a second truth.
const AS_SWITCH = { role: 'switch' } as const;

/** Props of {@link Checkbox}, {@link Radio} and {@link Switch}, besides those of the native control. */
export type ChoiceProps = Omit<ComponentPropsWithRef<'input'>, 'type' | 'size'> & {
  label: ReactNode;
  /** Under the label: what it means when on. */
  hint?: ReactNode;
  error?: ReactNode;
};

type ChoiceWords = Pick<ChoiceProps, 'label' | 'hint' | 'error'>;

function useChoice({ hint, error }: ChoiceWords, givenId: string | undefined) {
  const made = useId();
  const id = givenId ?? made;
  const hintId = hint ? `${id}-hint` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  return {
    hintId,
    errorId,
    wiring: {
      id,
      'aria-describedby': clsx(hintId, errorId) || undefined,
      'aria-invalid': error ? (true as const) : undefined,
    },
  };
}

function Words({ label, hint, error, ids }: ChoiceWords & { ids: ReturnType<typeof useChoice> }) {
  return (
    <div className="min-w-0 flex-1">
      <label htmlFor={ids.wiring.id} className="font-medium">
        {label}
      </label>
      {hint && (
        <p id={ids.hintId} className="text-sm text-ink-soft">
          {hint}
        </p>
      )}
      {ids.errorId && <FieldError id={ids.errorId}>{error}</FieldError>}
    </div>
  );
}

/** A labelled native checkbox, the box before the words: one of several things, or an agreement, saved by a button. */
export function Checkbox({ label, hint, error, className, ...input }: ChoiceProps) {
  const ids = useChoice({ label, hint, error }, input.id);
  return (
    <div className="flex items-start gap-2.5">
      <span className="relative mt-0.5 grid size-4 shrink-0 place-items-center">
        <input
          {...input}
          {...ids.wiring}
          type="checkbox"
          className={clsx(
            'peer size-4 appearance-none rounded-sm border border-control bg-surface checked:border-accent-ink checked:bg-accent-ink disabled:cursor-not-allowed disabled:opacity-50 aria-invalid:border-danger',
            className,
          )}
        />
        <svg
          viewBox="0 0 12 12"
          width="10"
          height="10"
          aria-hidden="true"
          className="pointer-events-none absolute hidden stroke-surface peer-checked:block"
        >
          <path d="M2 6.5 4.8 9.2 10 3.2" fill="none" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
      </span>
      <Words {...{ label, hint, error, ids }} />
    </div>
  );
}

/** A labelled native radio button: one of a few ways, of those with its `name`. Put them into a `fieldset` with a `legend`. */
export function Radio({ label, hint, error, className, ...input }: ChoiceProps) {
  const ids = useChoice({ label, hint, error }, input.id);
  return (
    <div className="flex items-start gap-2.5">
      <input
        {...input}
        {...ids.wiring}
        type="radio"
        className={clsx(
          'mt-0.5 size-4 shrink-0 appearance-none rounded-full border border-control bg-surface checked:border-5 checked:border-accent-ink disabled:cursor-not-allowed disabled:opacity-50',
          className,
        )}
      />
      <Words {...{ label, hint, error, ids }} />
    </div>
  );
}

/**
 * A labelled native checkbox that reads and looks like a switch, the words first: a setting that is on or off.
 * Put it in an `AutoSubmit` form when it should take effect at once.
 */
export function Switch({ label, hint, error, className, ...input }: ChoiceProps) {
  const ids = useChoice({ label, hint, error }, input.id);
  return (
    <div className="flex items-start gap-4">
      <Words {...{ label, hint, error, ids }} />
      <input
        {...input}
        {...ids.wiring}
        {...AS_SWITCH}
        type="checkbox"
        className={clsx(
          'relative h-5 w-9 shrink-0 appearance-none rounded-full bg-control transition-colors duration-150 before:absolute before:top-0.5 before:left-0.5 before:size-4 before:rounded-full before:bg-surface before:shadow-control before:transition-transform before:duration-150 checked:bg-accent-ink checked:before:translate-x-4 disabled:cursor-not-allowed disabled:opacity-50',
          className,
        )}
      />
    </div>
  );
}
