'use client';

import type { ReactNode } from 'react';
import { useActionState, useState } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';
import { TextField } from './field';
import { FormError } from './notice';

/** What an action answers: nothing when it is done, or why it was not. */
export type ConfirmResult = { error?: string } | void;

/** Props of {@link ConfirmDialog}. */
export interface ConfirmDialogProps {
  trigger: ReactNode;
  title: ReactNode;
  /** What will happen, exactly, and what cannot be undone. */
  description: ReactNode;
  /** The verb and its object: "Delete organization". */
  confirmLabel: string;
  /** When given, this must be typed before the button works. It is sent as `confirmation`; check it on the server too. */
  typedText?: string;
  /** Called with the form; closes on nothing, stays open and shows `error` otherwise. May redirect. */
  action: (data: FormData) => Promise<ConfirmResult>;
  /** Sent along as hidden inputs. */
  fields?: Readonly<Record<string, string>>;
  /** Default `danger`. */
  variant?: 'primary' | 'danger';
}

function ConfirmForm({
  confirmLabel,
  typedText,
  action,
  fields = {},
  variant = 'danger',
  onDone,
}: Omit<ConfirmDialogProps, 'trigger' | 'title' | 'description'> & { onDone: () => void }) {
  const [typed, setTyped] = useState('');
  const [result, submit] = useActionState<ConfirmResult, FormData>(async (_, data) => {
    const answer = await action(data);
    if (!answer?.error) onDone();
    return answer;
  }, undefined);
  const isReady = typedText === undefined || typed.trim() === typedText;

  return (
    <form action={submit} className="space-y-4">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {typedText !== undefined && (
        <TextField
          name="confirmation"
          label={
            <>
              Type <span className="rounded-sm bg-sunken px-1 py-0.5 font-mono text-sm">{typedText}</span> to confirm
            </>
          }
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
      <FormError>{result?.error}</FormError>
      <div className="flex flex-wrap justify-end gap-2">
        <Button type="button" onClick={onDone}>
          Cancel
        </Button>
        <Button variant={variant} disabled={!isReady}>
          {confirmLabel}
        </Button>
      </div>
    </form>
  );
}

/** Asks before something that cannot be undone, and runs it as a form. Where it can be undone, offer that instead. */
export function ConfirmDialog({ trigger, title, description, ...form }: ConfirmDialogProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog {...{ trigger, title, description, isOpen }} onOpenChange={setOpen}>
      <ConfirmForm {...form} onDone={() => setOpen(false)} />
    </Dialog>
  );
}
