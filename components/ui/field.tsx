import type { ComponentPropsWithRef, ReactNode } from 'react';
import { clsx } from 'clsx';
import { ChevronDown, CircleAlert } from 'lucide-react';
import { useId } from 'react';

/** What every field has around its control. */
export interface FieldProps {
  /** Above the control, always visible. */
  label: ReactNode;
  /** Under the label: what is expected, before anything goes wrong. */
  hint?: ReactNode;
  /** Under the control: what is wrong and how to fix it. Marks the control as invalid. */
  error?: ReactNode;
  /** Writes "Optional" beside the label. Required fields are not marked. */
  isOptional?: boolean;
}

/** Class names that all text-like controls share. 16 px below `sm`, so that phones do not zoom in on focus. */
export const CONTROL_CLASS_NAME =
  'block w-full rounded-md border border-control bg-surface px-2.5 text-lg text-ink tracking-normal transition-colors duration-100 hover:border-ink-faint focus-visible:border-accent-ink focus-visible:outline-offset-0 focus-visible:outline-accent-ink/50 disabled:cursor-not-allowed disabled:bg-sunken disabled:text-ink-faint aria-invalid:border-danger aria-invalid:focus-visible:outline-danger/40 sm:text-base';

/** The message under a control. */
export function FieldError({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={id} className="mt-1.5 flex items-start gap-1.5 text-sm text-danger-ink">
      <CircleAlert size={14} aria-hidden="true" className="mt-[3px] shrink-0" />
      <span>{children}</span>
    </p>
  );
}

function useFieldIds(id: string | undefined, hint: ReactNode, error: ReactNode, describedBy: string | undefined) {
  const made = useId();
  const controlId = id ?? made;
  const hintId = hint ? `${controlId}-hint` : undefined;
  const errorId = error ? `${controlId}-error` : undefined;
  return {
    controlId,
    hintId,
    errorId,
    wiring: {
      'aria-describedby': clsx(describedBy, hintId, errorId) || undefined,
      'aria-invalid': error ? (true as const) : undefined,
    },
  };
}

function FieldFrame({
  label,
  hint,
  error,
  isOptional,
  ids,
  children,
}: FieldProps & { ids: ReturnType<typeof useFieldIds>; children: ReactNode }) {
  return (
    <div>
      <div className="mb-1.5 flex items-baseline justify-between gap-2">
        <label htmlFor={ids.controlId} className="font-medium">
          {label}
        </label>
        {isOptional && <span className="text-xs text-ink-faint">Optional</span>}
      </div>
      {hint && (
        <p id={ids.hintId} className="-mt-0.5 mb-1.5 text-sm text-ink-soft">
          {hint}
        </p>
      )}
      {children}
      {error && ids.errorId && <FieldError id={ids.errorId}>{error}</FieldError>}
    </div>
  );
}

/** Props of {@link TextField}, besides those of a native input. */
export type TextFieldProps = FieldProps &
  Omit<ComponentPropsWithRef<'input'>, 'size' | 'prefix'> & {
    /** For ids, tokens, URLs and other things that are copied rather than read. */
    isMono?: boolean;
    /** 32 or 40 px high. Default `medium`. */
    size?: 'medium' | 'large';
    /** Fixed text before the value, inside the frame: `https://`. */
    prefix?: ReactNode;
  };

/** A labelled one-line input. Everything else is a native input's: `name`, `defaultValue`, `autoComplete`, `required`. */
export function TextField({
  label,
  hint,
  error,
  isOptional,
  isMono,
  size = 'medium',
  prefix,
  className,
  ...input
}: TextFieldProps) {
  const ids = useFieldIds(input.id, hint, error, input['aria-describedby']);
  const control = (
    <input
      type="text"
      {...input}
      {...ids.wiring}
      id={ids.controlId}
      className={clsx(
        CONTROL_CLASS_NAME,
        size === 'large' ? 'h-10' : 'h-8',
        'read-only:bg-sunken',
        isMono && 'font-mono sm:text-sm',
        prefix && 'rounded-l-none',
        className,
      )}
    />
  );
  return (
    <FieldFrame {...{ label, hint, error, isOptional, ids }}>
      {prefix ? (
        <div className="flex">
          <span className="flex items-center rounded-l-md border border-r-0 border-control bg-sunken px-2.5 text-ink-soft">
            {prefix}
          </span>
          {control}
        </div>
      ) : (
        control
      )}
    </FieldFrame>
  );
}

/** Props of {@link TextArea}, besides those of a native textarea. */
export type TextAreaProps = FieldProps & ComponentPropsWithRef<'textarea'> & { isMono?: boolean };

/** A labelled text area that grows with its content where the browser can. */
export function TextArea({ label, hint, error, isOptional, isMono, className, ...area }: TextAreaProps) {
  const ids = useFieldIds(area.id, hint, error, area['aria-describedby']);
  return (
    <FieldFrame {...{ label, hint, error, isOptional, ids }}>
      <textarea
        rows={4}
        {...area}
        {...ids.wiring}
        id={ids.controlId}
        className={clsx(
          CONTROL_CLASS_NAME,
          'field-sizing-content min-h-20 py-1.5',
          isMono && 'font-mono sm:text-sm',
          className,
        )}
      />
    </FieldFrame>
  );
}

/** Props of {@link Select}, besides those of a native select. */
export type SelectProps = FieldProps &
  Omit<ComponentPropsWithRef<'select'>, 'size'> & {
    options: readonly { value: string; label: string; isDisabled?: boolean }[];
    size?: 'medium' | 'large';
  };

/** A labelled native select. */
export function Select({
  label,
  hint,
  error,
  isOptional,
  options,
  size = 'medium',
  className,
  ...select
}: SelectProps) {
  const ids = useFieldIds(select.id, hint, error, select['aria-describedby']);
  return (
    <FieldFrame {...{ label, hint, error, isOptional, ids }}>
      <div className="relative">
        <select
          {...select}
          {...ids.wiring}
          id={ids.controlId}
          className={clsx(CONTROL_CLASS_NAME, 'appearance-none pr-8', size === 'large' ? 'h-10' : 'h-8', className)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.isDisabled}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown
          size={14}
          aria-hidden="true"
          className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-ink-faint"
        />
      </div>
    </FieldFrame>
  );
}
