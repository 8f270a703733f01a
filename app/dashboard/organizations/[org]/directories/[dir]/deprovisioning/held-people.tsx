import type { HeldPerson, RecentRemoval } from '@/lib/domain/deprovisioning/types';
import type { TableColumn } from '@/components/ui/table';
import { RelativeTime } from '@/components/ui/relative-time';
import { HOLD_TITLES } from '@/lib/domain/deprovisioning/types';
import { ConfirmAction } from '../../../../../confirm-action';
import { releaseAction, restoreAction } from './actions';

const STATES = { active: 'Active', inactive: 'Deactivated', deleted: 'Deleted' } as const;

function Person({ name, email }: { name: string; email: string | null }) {
  return (
    <>
      <span className="font-medium wrap-anywhere">{name || 'Unnamed'}</span>
      {email && <span className="block text-sm text-ink-soft wrap-anywhere">{email}</span>}
    </>
  );
}

function Decide({ person, fields }: { person: HeldPerson; fields: Readonly<Record<string, string>> }) {
  const sent = { ...fields, user_id: person.userId };
  const name = person.name || person.userId;
  if (person.reason === 'seat') {
    return (
      <ConfirmAction
        action={releaseAction}
        fields={sent}
        label="Let in"
        accessibleLabel={`Let ${name} in`}
        title={`Let ${name} in?`}
        description="The application is told of them now, although the organization has no seat left."
        confirmLabel="Let in"
        confirmVariant="primary"
        size="small"
      />
    );
  }
  return (
    <span className="inline-flex flex-wrap justify-end gap-2">
      <ConfirmAction
        action={restoreAction}
        fields={sent}
        label="Restore"
        accessibleLabel={`Restore ${name}`}
        title={`Restore ${name}?`}
        description="They are active again, here and for the application, which hears nothing of the removal. If the directory removes them again, that is a new removal."
        confirmLabel="Restore"
        confirmVariant="primary"
        size="small"
      />
      <ConfirmAction
        action={releaseAction}
        fields={sent}
        label="Release"
        accessibleLabel={`Release ${name}`}
        title={`Release ${name}?`}
        description="The application is told of the removal now, and takes their access away."
        confirmLabel="Release"
        size="small"
      />
    </span>
  );
}

/** The columns of people who are held. */
export function heldColumns(
  fields: Readonly<Record<string, string>>,
  roleTitles: ReadonlyMap<string, string>,
): TableColumn<HeldPerson>[] {
  return [
    { key: 'person', header: 'Person', cell: (row) => <Person {...row} /> },
    {
      key: 'reason',
      header: 'Why',
      cell: (row) => (
        <>
          {HOLD_TITLES[row.reason]}
          <span className="block text-sm text-ink-soft">
            {row.releaseAt ? (
              <>
                Goes out <RelativeTime at={row.releaseAt} />
              </>
            ) : (
              `${STATES[row.state]} in the directory`
            )}
          </span>
        </>
      ),
    },
    {
      key: 'roles',
      header: 'Keeps',
      width: '10rem',
      cell: (row) =>
        row.roles.length > 0 ? (
          <span className="wrap-anywhere">{row.roles.map((name) => roleTitles.get(name) ?? name).join(', ')}</span>
        ) : (
          <span className="text-ink-faint">No role</span>
        ),
    },
    { key: 'since', header: 'Since', width: '9rem', cell: (row) => <RelativeTime at={row.since} /> },
    {
      key: 'decide',
      header: 'Decide',
      align: 'end',
      width: '13rem',
      cell: (row) => <Decide person={row} fields={fields} />,
    },
  ];
}

/** The columns of people of whose removal the application knows already. */
export function removalColumns(fields: Readonly<Record<string, string>>): TableColumn<RecentRemoval>[] {
  return [
    { key: 'person', header: 'Person', cell: (row) => <Person {...row} /> },
    { key: 'state', header: 'In the directory', width: '9rem', cell: (row) => STATES[row.state] },
    { key: 'removed', header: 'Removed', width: '9rem', cell: (row) => <RelativeTime at={row.removedAt} /> },
    {
      key: 'restore',
      header: 'Undo',
      align: 'end',
      width: '7rem',
      cell: (row) => (
        <ConfirmAction
          action={restoreAction}
          fields={{ ...fields, user_id: row.userId }}
          label="Restore"
          accessibleLabel={`Restore ${row.name || row.userId}`}
          title={`Restore ${row.name || row.userId}?`}
          description="They are active again here, and the application is told of them again, under the same id."
          confirmLabel="Restore"
          confirmVariant="primary"
          size="small"
        />
      ),
    },
  ];
}
