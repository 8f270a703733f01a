import { invalidField } from '@/lib/core/error';

/** The text of a form's field; empty when it is absent. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/** As a person sees it: a page shows several spaces as one. */
function shownText(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Throws `invalid_argument` on `confirmation` unless `name` was typed there. */
export function requireTyped(form: FormData, name: string): void {
  if (shownText(textOf(form, 'confirmation')) === shownText(name)) return;
  throw invalidField('confirmation', 'This is not the name. Type it exactly as it is shown.');
}
