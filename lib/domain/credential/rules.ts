import type { Context } from '@/lib/core/context';
import { AppError, invalidField } from '@/lib/core/error';
import { CREDENTIAL_LIMITS, holdsScope, type Scope, SCOPES } from './types';

/** The name as it is kept. @throws invalid_argument */
export function readName(text: string): string {
  const name = text.trim();
  if (name === '' || name.length > CREDENTIAL_LIMITS.nameLengthMax || name.includes('\u0000')) {
    throw invalidField('name', `Give the credential a name of 1 to ${CREDENTIAL_LIMITS.nameLengthMax} characters.`);
  }
  return name;
}

/** The scopes in the order of the list, each once; `admin` makes the others needless. @throws invalid_argument */
export function readScopes(scopes: readonly string[]): Scope[] {
  const unknown = scopes.find((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (unknown !== undefined) {
    throw invalidField('scopes', `There is no scope ${unknown.slice(0, 100)}. Choose from ${SCOPES.join(', ')}.`);
  }
  if (scopes.length === 0) throw invalidField('scopes', 'Choose at least one scope.');
  return scopes.includes('admin') ? ['admin'] : SCOPES.filter((scope) => scopes.includes(scope));
}

/** Throws `permission_denied` for an API credential that would give, or take in hand, a scope that it does not hold itself. */
export function requireHeld(ctx: Context, scopes: readonly string[]): void {
  const { actor } = ctx;
  if (actor.kind !== 'apiClient') return;
  const missing = scopes.find((scope) => !holdsScope(actor.scopes, scope));
  if (missing === undefined) return;
  throw new AppError(
    'permission_denied',
    `This needs the scope ${missing}, which the calling credential does not hold.`,
    {
      resource: { name: actor.id, requiredPermissions: [missing] },
    },
  );
}

/** Throws `invalid_argument` for an end that has passed already. */
export function requireFuture(ctx: Context, expiresAt: Date | undefined): void {
  if (expiresAt === undefined || expiresAt > ctx.now()) return;
  throw invalidField('expires_at', 'Choose a time in the future, or none.');
}
