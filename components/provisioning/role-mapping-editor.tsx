'use client';

import type { MappedGroup, MappedRole, MappingPreview } from '@/lib/domain/role-mapping/types';
import type { TableColumn } from '@/components/ui/table';
import { X } from 'lucide-react';
import { useActionState, useEffect, useRef, useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { CONTROL_CLASS_NAME, TextField } from '@/components/ui/field';
import { FormError } from '@/components/ui/notice';
import { Table } from '@/components/ui/table';
import { DoneMessage } from '@/components/ui/toast';
import { MappingPreviewCard } from './mapping-preview';

/** Rows that are shown at once. The search finds the others. */
const SHOWN_GROUPS = 100;

/** What a preview answers. */
export type PreviewAnswer = { readonly error: string } | { readonly preview: MappingPreview };

/** What applying answers. */
export type ApplyAnswer = { readonly error: string } | { readonly done: string };

/** Props of {@link RoleMappingEditor}. */
export interface RoleMappingEditorProps {
  groups: readonly MappedGroup[];
  /** All roles that can be given, in priority order. */
  roles: readonly MappedRole[];
  /** The name of the form field of a group. */
  fieldPrefix: string;
  /** Sent along with everything. */
  fields: Readonly<Record<string, string>>;
  preview: (form: FormData) => Promise<PreviewAnswer>;
  apply: (form: FormData) => Promise<ApplyAnswer>;
  /** Where the form is posted to for the list of all people as a file. */
  fileAction: string;
}

/** Role ids of the groups that were changed and not applied yet. */
type Draft = Readonly<Record<string, readonly string[]>>;

function RoleChooser({
  group,
  given,
  roles,
  onChange,
}: {
  group: MappedGroup;
  given: readonly string[];
  roles: readonly MappedRole[];
  onChange: (roleIds: readonly string[]) => void;
}) {
  const left = roles.filter(({ id }) => !given.includes(id));
  return (
    <div className="relative z-1 flex flex-wrap items-center gap-1.5">
      {roles
        .filter(({ id }) => given.includes(id))
        .map((role) => (
          <span
            key={role.id}
            className="inline-flex h-7 items-center gap-0.5 rounded-md border border-line bg-sunken pl-2 text-sm"
          >
            {role.displayName}
            <button
              type="button"
              aria-label={`Take ${role.displayName} from ${group.displayName}`}
              onClick={() => onChange(given.filter((id) => id !== role.id))}
              className="grid size-6 place-items-center rounded-md text-ink-faint hover:text-ink"
            >
              <X size={12} aria-hidden="true" />
            </button>
          </span>
        ))}
      {left.length > 0 && (
        <select
          aria-label={`Give ${group.displayName} a role`}
          value=""
          onChange={(event) => {
            const added = event.currentTarget.value;
            // In the order of the roles, which is that of what people get.
            onChange(roles.map(({ id }) => id).filter((id) => id === added || given.includes(id)));
          }}
          className={`${CONTROL_CLASS_NAME} h-7! w-auto! max-w-full px-1.5! text-sm! text-ink-soft!`}
        >
          <option value="">{given.length === 0 ? 'Choose a role' : 'Add a role'}</option>
          {left.map((role) => (
            <option key={role.id} value={role.id}>
              {role.displayName}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function columnsOf(
  draft: Draft,
  roles: readonly MappedRole[],
  onChange: (group: MappedGroup, roleIds: readonly string[]) => void,
): TableColumn<MappedGroup>[] {
  return [
    {
      key: 'group',
      header: 'Group',
      cell: (row) => (
        <span className="inline-flex flex-wrap items-center gap-x-2">
          <span className="font-medium wrap-anywhere">{row.displayName}</span>
          {draft[row.id] && <Badge tone="accent">Changed</Badge>}
          {row.nestedGroupCount > 0 && (
            <span className="text-sm text-ink-soft">{row.nestedGroupCount} nested, which get nothing from it</span>
          )}
        </span>
      ),
    },
    {
      key: 'members',
      header: 'Members',
      align: 'end',
      width: '7rem',
      cell: (row) => row.memberCount.toLocaleString('en'),
    },
    {
      key: 'roles',
      header: 'Roles',
      width: '50%',
      cell: (row) => (
        <RoleChooser
          group={row}
          given={draft[row.id] ?? row.roles.map(({ id }) => id)}
          roles={roles}
          onChange={(roleIds) => onChange(row, roleIds)}
        />
      ),
    },
  ];
}

/** The fields of a draft, with those that say what it is about. */
function DraftFields({
  draft,
  prefix,
  fields,
}: {
  draft: Draft;
  prefix: string;
  fields: Readonly<Record<string, string>>;
}) {
  const named = Object.entries(draft).map(([groupId, roleIds]) => [prefix + groupId, roleIds.join(' ')] as const);
  return [...Object.entries(fields), ...named].map(([name, value]) => (
    <input key={name} type="hidden" name={name} value={value} />
  ));
}

/**
 * Which roles the people of each group have. Nothing is applied before its consequences were shown; a change after that asks for them
 * again.
 */
export function RoleMappingEditor({
  groups,
  roles,
  fieldPrefix,
  fields,
  preview,
  apply,
  fileAction,
}: RoleMappingEditorProps) {
  const [draft, setDraft] = useState<Draft>({});
  const [query, setQuery] = useState('');
  const result = useRef<HTMLDivElement>(null);
  const key = JSON.stringify(draft);
  const [previewed, askPreview] = useActionState<(PreviewAnswer & { key: string }) | undefined, FormData>(
    async (_, form) => ({ ...(await preview(form)), key }),
    undefined,
  );
  const [applied, askApply] = useActionState<ApplyAnswer | undefined, FormData>(async (_, form) => {
    const answer = await apply(form);
    if ('done' in answer) setDraft({});
    return answer;
  }, undefined);

  const changedCount = Object.keys(draft).length;
  const shown = previewed?.key === key && changedCount > 0 ? previewed : undefined;
  useEffect(() => {
    if (shown && 'preview' in shown) result.current?.focus();
  }, [shown]);

  const change = (group: MappedGroup, roleIds: readonly string[]) => {
    const stored = group.roles.map(({ id }) => id);
    const isStored = stored.length === roleIds.length && stored.every((id) => roleIds.includes(id));
    const { [group.id]: _, ...others } = draft;
    setDraft(isStored ? others : { ...others, [group.id]: roleIds });
  };

  const needle = query.trim().toLowerCase();
  const found = groups.filter((group) => group.displayName.toLowerCase().includes(needle));
  return (
    <div className="space-y-4">
      <div className="w-full sm:w-72">
        <TextField
          label="Search groups"
          type="search"
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      <Table
        caption="Groups and their roles"
        columns={columnsOf(draft, roles, change)}
        rows={found.slice(0, SHOWN_GROUPS)}
        rowKey={(row) => row.id}
        empty={<EmptyState title="No group matches">The search looks at the group’s name.</EmptyState>}
      />
      {found.length > SHOWN_GROUPS && (
        <p className="text-sm text-ink-soft">
          {SHOWN_GROUPS} of {found.length.toLocaleString('en')} groups are shown. Search for the others.
        </p>
      )}
      <DoneMessage>{applied && 'done' in applied && changedCount === 0 && applied.done}</DoneMessage>
      {changedCount > 0 && (
        <div className="sticky bottom-0 z-3 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line bg-raised px-4 py-2.5 shadow-overlay">
          <p className="min-w-0 flex-[1_1_12rem] font-medium">
            {changedCount === 1 ? '1 group changed' : `${changedCount} groups changed`}
            <span className="font-normal text-ink-soft">, not applied yet</span>
          </p>
          <Button type="button" variant="quiet" onClick={() => setDraft({})}>
            Discard
          </Button>
          <form action={askPreview}>
            <DraftFields draft={draft} prefix={fieldPrefix} fields={fields} />
            <Button variant={shown ? 'secondary' : 'primary'}>Preview changes</Button>
          </form>
        </div>
      )}
      <FormError>{shown && 'error' in shown ? shown.error : undefined}</FormError>
      <FormError>{applied && 'error' in applied && changedCount > 0 ? applied.error : undefined}</FormError>
      {shown && 'preview' in shown && (
        <div ref={result} tabIndex={-1} className="outline-none">
          <MappingPreviewCard
            preview={shown.preview}
            roles={roles}
            actions={
              <>
                <form action={fileAction} method="post">
                  <DraftFields draft={draft} prefix={fieldPrefix} fields={fields} />
                  <button
                    type="submit"
                    className="h-8 rounded-md px-3 font-medium text-ink-soft hover:bg-hover hover:text-ink"
                  >
                    Download as CSV
                  </button>
                </form>
                <form action={askApply}>
                  <DraftFields draft={draft} prefix={fieldPrefix} fields={fields} />
                  <Button variant="primary">Apply mapping</Button>
                </form>
              </>
            }
          />
        </div>
      )}
    </div>
  );
}
