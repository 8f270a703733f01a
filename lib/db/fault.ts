/** The constraint that a write broke by repeating a unique value, or undefined if `error` says something else. */
export function brokenUniqueConstraint(error: unknown): string | undefined {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth += 1) {
    const fields = e as Error & { code?: string; constraint?: string; constraint_name?: string };
    if (fields.code === '23505') return fields.constraint_name ?? fields.constraint ?? 'unknown';
  }
  return undefined;
}

/** Whether a row cannot go because another one refers to it. */
export function isStillReferenced(error: unknown): boolean {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth += 1) {
    if ((e as Error & { code?: string }).code === '23503') return true;
  }
  return false;
}

/** Whether a person was refused because the organization has no seat left (`take_seat`). */
export function isSeatMissing(error: unknown): boolean {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth += 1) {
    if ((e as Error & { code?: string }).code === 'GH403') return true;
  }
  return false;
}

/** Whether two transactions got in each other's way, so that running this one again may succeed. */
export function isSerializationFault(error: unknown): boolean {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth += 1) {
    const { code } = e as Error & { code?: string };
    if (code === '40P01' || code === '40001') return true;
  }
  return false;
}
