import type { RoleExplanation } from '@/lib/domain/role-mapping/types';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';

const RULES: Readonly<Record<RoleExplanation['rule'], string>> = {
  mapping: 'From the groups that they are in directly, by the directory’s mapping.',
  organization_default: 'In no group that gives a role, so they have the organization’s default role.',
  environment_default: 'In no group that gives a role, so they have the default role of all organizations.',
  none: 'In no group that gives a role, and there is no default role.',
  inactive: 'Whoever is inactive has no roles.',
};

function names(groups: readonly { readonly displayName: string }[]): string {
  return groups.map(({ displayName }) => displayName).join(', ');
}

/** Why a person has the roles they have: group, mapping, rule. */
export function RoleChain({
  explanation,
  kept,
}: {
  explanation: RoleExplanation;
  /** Names of the roles that somebody who is held back keeps until it is decided. */
  kept?: readonly string[];
}) {
  const { rule, roles, groups, nestedIn } = explanation;
  if (kept) {
    return (
      <Card title="Roles" description="Held back, so they keep for the application what they had.">
        <p className="wrap-anywhere">{kept.length > 0 ? kept.join(', ') : 'No role.'}</p>
      </Card>
    );
  }
  const silent = groups.filter(({ roleNames }) => roleNames.length === 0);
  const above = nestedIn.filter(({ roleNames }) => roleNames.length > 0);
  return (
    <Card title="Roles" description={RULES[rule]}>
      <div className="space-y-3">
        {roles.length === 0 ? (
          <p className="text-ink-soft">No role.</p>
        ) : (
          <ol className="divide-y divide-line">
            {roles.map((role, index) => (
              <li key={role.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 first:pt-0 last:pb-0">
                <span className="font-medium wrap-anywhere">{role.displayName}</span>
                {index === 0 && <Badge tone="accent">Effective</Badge>}
                <span className="text-ink-soft wrap-anywhere">
                  {role.groups.length === 0 ? 'by default' : `from ${names(role.groups)}`}
                </span>
              </li>
            ))}
          </ol>
        )}
        {rule === 'mapping' && silent.length > 0 && (
          <p className="text-sm text-ink-soft wrap-anywhere">No role comes from {names(silent)}.</p>
        )}
        {rule !== 'inactive' && above.length > 0 && (
          <p className="text-sm text-ink-soft wrap-anywhere">
            {names(above)} would give a role, but only to people who are in it directly: nested groups do not count.
          </p>
        )}
      </div>
    </Card>
  );
}
