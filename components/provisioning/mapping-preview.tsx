import type { MappedRole, MappingPreview, RoleChange } from '@/lib/domain/role-mapping/types';
import type { ReactNode } from 'react';
import type { TableColumn } from '@/components/ui/table';
import { Card } from '@/components/ui/card';
import { Table } from '@/components/ui/table';

type RoleTotals = MappingPreview['roles'][number];

function numberOf(value: number): string {
  return value.toLocaleString('en');
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${numberOf(count)} people`;
}

function namesOf(names: readonly string[], titles: ReadonlyMap<string, string>) {
  if (names.length === 0) return <span className="text-ink-faint">No role</span>;
  return names.map((name) => titles.get(name) ?? name).join(', ');
}

function peopleColumns(titles: ReadonlyMap<string, string>): TableColumn<RoleChange>[] {
  return [
    {
      key: 'name',
      header: 'Person',
      cell: (row) => (
        <>
          <span className="font-medium wrap-anywhere">{row.displayName}</span>
          <span className="block text-sm text-ink-soft wrap-anywhere">{row.email ?? row.userName}</span>
        </>
      ),
    },
    { key: 'before', header: 'Now', cell: (row) => namesOf(row.before, titles) },
    { key: 'after', header: 'Then', cell: (row) => namesOf(row.after, titles) },
  ];
}

function totalColumns(titles: ReadonlyMap<string, string>): TableColumn<RoleTotals>[] {
  return [
    {
      key: 'role',
      header: 'Role',
      cell: (row) => <span className="font-medium">{titles.get(row.name) ?? row.name}</span>,
    },
    { key: 'gaining', header: 'Gain it', align: 'end', width: '7rem', cell: (row) => numberOf(row.gaining) },
    { key: 'losing', header: 'Lose it', align: 'end', width: '7rem', cell: (row) => numberOf(row.losing) },
  ];
}

/** Props of {@link MappingPreviewCard}. */
export interface MappingPreviewCardProps {
  preview: MappingPreview;
  roles: readonly MappedRole[];
  /** What can be done with it. */
  actions: ReactNode;
}

/** What applying a mapping would do: how many gain and lose what, and the first of them. */
export function MappingPreviewCard({ preview, roles, actions }: MappingPreviewCardProps) {
  const titles = new Map(roles.map(({ name, displayName }) => [name, displayName]));
  const isEverybody = preview.nextPageToken === '';
  return (
    <Card
      title={preview.changing === 0 ? 'Nobody’s roles change' : `The roles of ${people(preview.changing)} change`}
      description={
        preview.changing === 0
          ? 'Nobody active is in these groups, or has the same roles from another one.'
          : `Gaining a role: ${numberOf(preview.gaining)}. Losing one: ${numberOf(preview.losing)}. The application is told of each person.`
      }
      actions={actions}
      isFlush
    >
      {preview.changing > 0 && (
        <>
          <Table
            caption="Roles that people gain and lose"
            columns={totalColumns(titles)}
            rows={preview.roles}
            rowKey={(row) => row.name}
            isFramed={false}
          />
          <div className="border-t border-line-strong">
            <Table
              caption="People whose roles change"
              columns={peopleColumns(titles)}
              rows={preview.people}
              rowKey={(row) => row.userId}
              isFramed={false}
            />
          </div>
          {!isEverybody && (
            <p className="border-t border-line px-4 py-2.5 text-sm text-ink-soft">
              The first {numberOf(preview.people.length)} of {people(preview.changing)}. The file has everyone.
            </p>
          )}
        </>
      )}
    </Card>
  );
}
