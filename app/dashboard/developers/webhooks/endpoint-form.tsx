'use client';

import type { MadeWebhookSecret } from './actions';
import type { FormAction, FormState } from '@/lib/adapters/action';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Checkbox, Radio } from '@/components/ui/choice';
import { TextArea, TextField } from '@/components/ui/field';
import { LinkButton } from '@/components/ui/link-button';
import { FormError } from '@/components/ui/notice';
import { DoneMessage } from '@/components/ui/toast';
import { EVENT_TITLES } from '@/lib/domain/event/types';
import { WEBHOOK_LIMITS } from '@/lib/domain/webhook/types';
import { HiddenFields } from '../../hidden-fields';
import { useFormAction } from '../../use-form-action';
import { createEndpointAction } from './actions';
import { EVENT_GROUPS } from './event-groups';
import { organizationFieldOf, typeFieldOf } from './form-values';
import { MadeSecret } from './made-secret';

/** What an endpoint's form shows at first. */
export interface EndpointValues {
  readonly url: string;
  readonly description: string;
  /** Empty: all. */
  readonly eventTypes: readonly string[];
  /** Empty: all. */
  readonly organizationIds: readonly string[];
}

/** An organization that can be chosen. */
export interface OfferedOrganization {
  readonly id: string;
  readonly name: string;
}

/** "All" or "only these"; what belongs to the second shows while it is chosen. Works without script. */
function AllOrChosen({
  legend,
  name,
  all,
  chosen,
  isChosen,
  error,
  children,
}: {
  legend: string;
  name: string;
  all: { label: string; hint: string };
  chosen: string;
  isChosen: boolean;
  error: string | undefined;
  children: ReactNode;
}) {
  return (
    <fieldset className="group/choice">
      <legend className="mb-2 font-medium">{legend}</legend>
      <div className="space-y-2.5">
        <Radio name={name} value="all" label={all.label} hint={all.hint} defaultChecked={!isChosen} />
        <Radio name={name} value="chosen" label={chosen} error={error} defaultChecked={isChosen} />
      </div>
      <div className="mt-3 hidden pl-6.5 group-has-[input[value=chosen]:checked]/choice:block">{children}</div>
    </fieldset>
  );
}

function EventTypes({ state, initial }: { state: FormState<unknown>; initial: EndpointValues }) {
  const { values } = state;
  const isChecked = (type: string) => (values ? values[typeFieldOf(type)] === 'on' : initial.eventTypes.includes(type));
  return (
    <AllOrChosen
      legend="Events"
      name="types"
      all={{ label: 'All events', hint: 'Also kinds that later versions add.' }}
      chosen="Only these"
      isChosen={values ? values['types'] === 'chosen' : initial.eventTypes.length > 0}
      error={state.fieldErrors?.['types']}
    >
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {EVENT_GROUPS.map(({ title, types }) => (
          <fieldset key={title}>
            <legend className="mb-2 text-sm text-ink-soft">{title}</legend>
            <div className="space-y-2">
              {types.map((type) => (
                <Checkbox
                  key={type}
                  name={typeFieldOf(type)}
                  label={<span className="font-normal">{EVENT_TITLES[type]}</span>}
                  title={type}
                  defaultChecked={isChecked(type)}
                />
              ))}
            </div>
          </fieldset>
        ))}
      </div>
    </AllOrChosen>
  );
}

function Organizations({
  state,
  initial,
  offered,
  hasMore,
}: {
  state: FormState<unknown>;
  initial: EndpointValues;
  offered: readonly OfferedOrganization[];
  hasMore: boolean;
}) {
  const { values } = state;
  return (
    <AllOrChosen
      legend="Organizations"
      name="organizations"
      all={{ label: 'All organizations', hint: 'Also events that belong to none, such as those of roles.' }}
      chosen="Only these"
      isChosen={values ? values['organizations'] === 'chosen' : initial.organizationIds.length > 0}
      error={state.fieldErrors?.['organizations']}
    >
      <div className="space-y-4">
        {offered.length === 0 ? (
          <p className="text-ink-soft">There are no organizations yet.</p>
        ) : (
          <div className="max-h-64 space-y-2 overflow-y-auto rounded-md border border-line p-3">
            {offered.map(({ id, name }) => (
              <Checkbox
                key={id}
                name={organizationFieldOf(id)}
                label={<span className="font-normal wrap-anywhere">{name}</span>}
                defaultChecked={
                  values ? values[organizationFieldOf(id)] === 'on' : initial.organizationIds.includes(id)
                }
              />
            ))}
          </div>
        )}
        {hasMore && (
          <TextArea
            label="Others"
            hint="The newest are shown above. Name others by their ids, one a line."
            name="organization_ids"
            defaultValue={values?.['organization_ids']}
            error={state.fieldErrors?.['organization_ids']}
            isOptional
            isMono
            rows={3}
            spellCheck={false}
          />
        )}
      </div>
    </AllOrChosen>
  );
}

/** Props of {@link EndpointForm}. */
export interface EndpointFormProps {
  action: FormAction<never>;
  fields?: Readonly<Record<string, string>>;
  initial: EndpointValues;
  offered: readonly OfferedOrganization[];
  /** Whether there are organizations besides those that are offered. */
  hasMore: boolean;
  submitLabel: string;
  cancelHref?: string;
}

function EndpointFields({
  state,
  initial,
  offered,
  hasMore,
}: Pick<EndpointFormProps, 'initial' | 'offered' | 'hasMore'> & { state: FormState<unknown> }) {
  const errors = state.fieldErrors ?? {};
  return (
    <>
      <TextField
        label="URL"
        hint="Where your application takes the events. It must answer with 2xx within ten seconds."
        name="url"
        type="url"
        inputMode="url"
        placeholder="https://app.example.com/webhooks/gatehouse"
        defaultValue={state.values?.['url'] ?? initial.url}
        error={errors['url']}
        isMono
        required
        maxLength={WEBHOOK_LIMITS.urlLength}
        autoComplete="off"
        spellCheck={false}
      />
      <TextField
        label="Description"
        name="description"
        defaultValue={state.values?.['description'] ?? initial.description}
        error={errors['description']}
        isOptional
        maxLength={WEBHOOK_LIMITS.descriptionLength}
        autoComplete="off"
      />
      <EventTypes state={state} initial={initial} />
      <Organizations state={state} initial={initial} offered={offered} hasMore={hasMore} />
    </>
  );
}

/** The fields of an endpoint that exists. */
export function EndpointForm({ action, fields = {}, initial, offered, hasMore, submitLabel }: EndpointFormProps) {
  const { ref, state, submit } = useFormAction(action);
  return (
    <form ref={ref} action={submit} noValidate className="max-w-2xl space-y-6">
      <HiddenFields fields={fields} />
      <FormError>{state.ok ? undefined : state.message}</FormError>
      <EndpointFields {...{ state, initial, offered, hasMore }} />
      <div className="flex flex-wrap items-center gap-3 pt-1">
        <Button variant="primary">{submitLabel}</Button>
        <DoneMessage>{state.ok && state.message}</DoneMessage>
      </div>
    </form>
  );
}

const NOTHING_YET: EndpointValues = { url: '', description: '', eventTypes: [], organizationIds: [] };

/** Makes an endpoint, and shows its secret at the only moment when it can be read. */
export function NewEndpointForm({
  offered,
  hasMore,
  listHref,
}: Pick<EndpointFormProps, 'offered' | 'hasMore'> & { listHref: string }) {
  const { ref, state, submit } = useFormAction<MadeWebhookSecret>(createEndpointAction);
  if (state.data) {
    const { endpointId, plainSecret } = state.data;
    return (
      <div className="max-w-2xl">
        <MadeSecret
          title="Endpoint ready"
          plainSecret={plainSecret}
          action={
            <LinkButton href={`${listHref}/${endpointId}`} variant="primary" className="no-underline!">
              Open endpoint
            </LinkButton>
          }
        />
      </div>
    );
  }
  return (
    <form ref={ref} action={submit} noValidate className="max-w-2xl space-y-6">
      <FormError>{state.message}</FormError>
      <EndpointFields state={state} initial={NOTHING_YET} offered={offered} hasMore={hasMore} />
      <div className="flex flex-wrap gap-2 pt-1">
        <Button variant="primary">Add endpoint</Button>
        <LinkButton href={listHref} variant="quiet">
          Cancel
        </LinkButton>
      </div>
    </form>
  );
}
