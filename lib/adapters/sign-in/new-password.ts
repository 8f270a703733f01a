import { AppError, type FieldViolation } from '@/lib/core/error';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '@/lib/domain/operator/types';

/**
 * The password that a form chooses, typed twice as `password` and `passwordAgain`.
 * @throws invalid_argument about either field
 */
export function readNewPassword(form: FormData): string {
  const password = String(form.get('password') ?? '');
  const violations: FieldViolation[] = [];
  if (password.length < MIN_PASSWORD_LENGTH) {
    violations.push({ field: 'password', description: `Use ${MIN_PASSWORD_LENGTH} characters or more.` });
  } else if (password.length > MAX_PASSWORD_LENGTH) {
    violations.push({ field: 'password', description: `Use ${MAX_PASSWORD_LENGTH} characters or fewer.` });
  } else if (password !== String(form.get('passwordAgain') ?? '')) {
    violations.push({ field: 'passwordAgain', description: 'The two passwords are not the same. Type it again.' });
  }
  if (violations.length > 0) {
    throw new AppError('invalid_argument', 'Check the password.', { fieldViolations: violations });
  }
  return password;
}
