import { clsx } from 'clsx';

/** What an action is: the one main action, an ordinary one, one without a frame, or one that destroys. */
export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger';

/** 28, 32 or 40 px high. The dashboard uses medium; the portal and sign-in use large. */
export type ButtonSize = 'small' | 'medium' | 'large';

const VARIANTS: Record<ButtonVariant, string> = {
  primary:
    'border-transparent bg-accent text-accent-contrast shadow-control hover:bg-accent-hover active:bg-accent-hover',
  secondary: 'border-line-strong bg-surface text-ink shadow-control hover:bg-hover active:bg-sunken',
  quiet: 'border-transparent bg-transparent text-ink-soft hover:bg-hover hover:text-ink active:bg-sunken',
  danger: 'border-transparent bg-danger-fill text-danger-contrast shadow-control hover:opacity-92',
};

const SIZES: Record<ButtonSize, string> = {
  small: 'h-7 gap-1.5 px-2.5 text-sm',
  medium: 'h-8 gap-2 px-3 text-base',
  large: 'h-10 gap-2 px-4 text-base',
};

/** The class names of a button or of a link that looks like one. */
export function buttonClassName(variant: ButtonVariant, size: ButtonSize, className?: string): string {
  return clsx(
    'relative inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap transition-colors duration-100 select-none',
    'disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-60',
    VARIANTS[variant],
    SIZES[size],
    className,
  );
}
