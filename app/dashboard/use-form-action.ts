'use client';

import type { FormAction, FormState } from '@/lib/adapters/action';
import { useActionState, useEffect, useRef } from 'react';

/**
 * A form's action and what it answered last. After an answer with errors the first field that has one gets the focus.
 * Works without script as well: the answer is then part of the page that the post returns.
 */
export function useFormAction<Data>(action: FormAction<Data>) {
  const ref = useRef<HTMLFormElement>(null);
  const [state, submit, isPending] = useActionState<FormState<Data>, FormData>(action, {});
  useEffect(() => {
    if (state.fieldErrors) ref.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid]')?.focus();
  }, [state]);
  return { ref, state, submit, isPending };
}
