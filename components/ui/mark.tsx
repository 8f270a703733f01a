/**
 * The product's mark: a gatehouse, with someone in the gate. Decorative, so it is hidden from assistive technology; put the
 * product's name beside it or on the link around it.
 *
 * @param props.size edge length in px (default 20)
 */
export function Mark({ size = 20, className }: { size?: number; className?: string }) {
  return (
    <svg viewBox="3 4 26 26" width={size} height={size} aria-hidden="true" className={className}>
      <path
        fill="currentColor"
        d="M4 6h5v3h4.5V6h5v3H23V6h5v21a1 1 0 0 1-1 1h-5.5v-8a5.5 5.5 0 0 0-11 0v8H5a1 1 0 0 1-1-1z"
      />
      <circle cx="16" cy="25" r="2.75" fill="var(--accent-ink)" />
    </svg>
  );
}
