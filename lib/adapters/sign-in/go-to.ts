import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { FormState } from '../action';

/** Where the page goes after its form was accepted. */
export interface Destination {
  readonly goTo: string;
}

/** Next sends it with an action that a script calls; a form that the browser posts by itself has no way to. */
const ACTION_HEADER = 'next-action';

/**
 * Whether a script calls an action with this request. Next then renders the page again after the action, in the same request;
 * a page that would change because the action succeeded has to keep its form until the form has left.
 */
export async function isCallOfScript(): Promise<boolean> {
  return (await headers()).has(ACTION_HEADER);
}

/**
 * Sends the browser to `path` as a new document. A redirect of an action that a script calls would only swap the page's
 * content: the document, and with it the Content-Security-Policy and what is cached of another person's pages, would stay. So a
 * script is told where to go, and everyone else is redirected.
 */
export async function goTo(path: string): Promise<FormState<Destination>> {
  if (!(await isCallOfScript())) redirect(path);
  return { ok: true, data: { goTo: path } };
}
