import { headers } from 'next/headers';
import { notFound, unstable_rethrow } from 'next/navigation';
import type { Context } from '@/lib/core/context';
import { AppError, type FieldViolation } from '@/lib/core/error';
import { newId } from '@/lib/core/id';
import { isSameOrigin, publicOrigin } from './request-context';
import { requireOperator } from './sign-in/guard';

/** What a form shows after its action ran: the state of `useActionState`. */
export interface FormState<Data = unknown> {
  /** Set when it was done. */
  readonly ok?: true;
  /** What was done, or what is wrong with the form as a whole. */
  readonly message?: string;
  /** What is wrong with single fields, by the name of the field. */
  readonly fieldErrors?: Readonly<Record<string, string>>;
  /** What was typed, to show it again; never passwords and the like. */
  readonly values?: Readonly<Record<string, string>>;
  /** What the action made, such as a link that is shown once. */
  readonly data?: Data;
}

/** The body of a server action for `useActionState`. */
export type FormAction<Data = unknown> = (state: FormState<Data>, form: FormData) => Promise<FormState<Data>>;

const CONFIDENTIAL = /password|secret|token/i;

/** The texts that were typed, without those that must not travel back to the page. */
export function keepValues(form: FormData): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of form) {
    if (typeof value === 'string' && !name.startsWith('$ACTION') && !CONFIDENTIAL.test(name)) values[name] = value;
  }
  return values;
}

/** The form's own name of a field that the domain names in snake_case: as it is, in camelCase, or by its last part. */
function findField(form: FormData, field: string): string | undefined {
  const last = field.split('.').at(-1)!;
  const camel = (text: string) => text.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return [field, camel(field), last, camel(last)].find((name) => form.has(name));
}

function placeViolations(form: FormData, violations: readonly FieldViolation[]) {
  const fieldErrors: Record<string, string> = {};
  const unplaced: string[] = [];
  for (const { field, description } of violations) {
    const name = findField(form, field);
    if (name === undefined) unplaced.push(description);
    else fieldErrors[name] ??= description;
  }
  return { fieldErrors, unplaced };
}

/**
 * What a form says about an error. Violations stand beside their fields where the form has them; what was not thrown on
 * purpose is logged once, and the form shows nothing of it but the request's id.
 */
export function translateFormError(error: unknown, form: FormData, requestId: string): FormState<never> {
  const values = keepValues(form);
  if (!(error instanceof AppError) || error.code === 'internal') {
    console.error(`A form failed, request ${requestId}:`, error);
    return { values, message: `Something went wrong on our side. If it happens again, quote request ${requestId}.` };
  }
  const { fieldErrors, unplaced } = placeViolations(form, error.fieldViolations ?? []);
  const isPlaced = Object.keys(fieldErrors).length > 0;
  const message = isPlaced ? unplaced.join(' ') || undefined : error.message;
  return { values, ...(isPlaced && { fieldErrors }), ...(message !== undefined && { message }) };
}

/** Runs the body of an action for anyone; errors become the form's state, redirects pass. @throws what Next throws to navigate */
export async function runFormAction<Data>(
  form: FormData,
  requestId: string,
  work: () => Promise<FormState<Data> | void>,
): Promise<FormState<Data>> {
  try {
    if (!isSameOrigin(await headers(), publicOrigin())) {
      const message = 'This form was not sent from this site. Reload the page and try again.';
      throw new AppError('permission_denied', message);
    }
    return (await work()) ?? { ok: true };
  } catch (error) {
    unstable_rethrow(error);
    return translateFormError(error, form, requestId);
  }
}

/**
 * A server action for operators. Each call checks again who asks and that one of our pages does; a form that is sent after
 * signing out leads to the sign-in page and back.
 * @param handler answers what the form shows next; nothing means done. It may redirect.
 */
export function operatorAction<Data = unknown>(
  handler: (ctx: Context, form: FormData) => Promise<FormState<Data> | void>,
): FormAction<Data> {
  return async (_state, form) => {
    const requestId = newId('request');
    return runFormAction(form, requestId, async () => {
      const { ctx } = await requireOperator();
      return handler({ ...ctx, requestId }, form);
    });
  };
}

/**
 * For the `catch` of a page: an error that the page can put into words. What does not exist becomes the not-found page, and
 * anything unexpected is thrown on to the error page.
 */
export function readAppError(error: unknown): AppError {
  unstable_rethrow(error);
  if (!(error instanceof AppError) || error.code === 'internal') throw error;
  if (error.code === 'not_found') notFound();
  return error;
}
