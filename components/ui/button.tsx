'use client';

import type { ButtonSize, ButtonVariant } from './button-style';
import type { ComponentPropsWithRef, ReactNode } from 'react';
import { clsx } from 'clsx';
import { useFormStatus } from 'react-dom';
import { buttonClassName } from './button-style';
import { Spinner } from './spinner';

/** Props of {@link Button}, besides those of a native button. */
export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  /** Default `secondary`. One `primary` a page. */
  variant?: ButtonVariant;
  /** Default `medium`. */
  size?: ButtonSize;
  /** Before the label; 16 px. */
  icon?: ReactNode;
  /** Shows the spinner. Inside a form with an action it is known without saying so. */
  isPending?: boolean;
}

/**
 * A native button (type `submit` unless told otherwise, as in HTML). While its form's action runs it keeps its width, shows a
 * spinner and ignores presses; of several submit buttons with a `name` and `value`, only the pressed one spins.
 */
export function Button({
  variant = 'secondary',
  size = 'medium',
  icon,
  isPending,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const form = useFormStatus();
  const isSubmit = rest.type === undefined || rest.type === 'submit';
  const isFormBusy = isSubmit && form.pending;
  const isPressed = rest.name === undefined || form.data?.get(rest.name) === String(rest.value ?? '');
  const isBusy = isPending ?? (isFormBusy && isPressed);
  const isBlocked = isBusy || isFormBusy;

  return (
    <button
      {...rest}
      aria-disabled={isBlocked || rest['aria-disabled']}
      aria-busy={isBusy || undefined}
      className={buttonClassName(variant, size, className)}
      onClick={(event) => {
        // Not `disabled`: that would drop the focus while the action runs.
        if (isBlocked) event.preventDefault();
        else onClick?.(event);
      }}
    >
      <span className={clsx('inline-flex items-center gap-[inherit]', isBusy && 'invisible')}>
        {icon}
        {children}
      </span>
      {isBusy && (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
          <span className="sr-only">{children}</span>
        </span>
      )}
    </button>
  );
}
