import type { ButtonSize, ButtonVariant } from './button-style';
import type { LinkProps } from 'next/link';
import type { AnchorHTMLAttributes, ReactNode } from 'react';
import Link from 'next/link';
import { buttonClassName } from './button-style';

/** Props of {@link LinkButton}, besides those of a Next link. */
export type LinkButtonProps = LinkProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof LinkProps> & {
    variant?: ButtonVariant;
    size?: ButtonSize;
    icon?: ReactNode;
  };

/** A link that looks like a {@link ButtonProps} button: for going somewhere, never for changing something. */
export function LinkButton({
  variant = 'secondary',
  size = 'medium',
  icon,
  className,
  children,
  ...rest
}: LinkButtonProps) {
  return (
    <Link {...rest} className={buttonClassName(variant, size, className)}>
      {icon}
      {children}
    </Link>
  );
}
