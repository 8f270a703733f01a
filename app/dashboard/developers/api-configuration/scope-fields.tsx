import { Checkbox } from '@/components/ui/choice';
import { Select } from '@/components/ui/field';
import { SCOPES } from '@/lib/domain/credential/types';

/** The name of the choice between everything and what is ticked, and its values. */
export const ACCESS = { name: 'access', all: 'all', chosen: 'chosen' } as const;
const ACCESS_OPTIONS = [
  { value: ACCESS.all, label: 'Everything that an operator may' },
  { value: ACCESS.chosen, label: 'Only what is chosen' },
];
/** Before the scope in the name of its tick box. */
export const SCOPE_PREFIX = 'scope ';

const AREA_NAMES: Readonly<Record<string, string>> = {
  organizations: 'Organizations',
  portal_links: 'Portal links',
  directories: 'Directories and their people',
  connections: 'Single sign-on connections',
  domains: 'Domains',
  users: 'Users and memberships',
  roles: 'Roles and permissions',
  events: 'Events',
  credentials: 'API credentials',
};

const AREAS = Object.entries(AREA_NAMES).map(([area, label]) => ({
  area,
  label,
  scopes: SCOPES.filter((scope) => scope.startsWith(`${area}:`)),
}));

/** Props of {@link ScopeFields}. */
export interface ScopeFieldsProps {
  /** What was sent last, when it was refused. */
  values: Readonly<Record<string, string>> | undefined;
  error: string | undefined;
}

/** What a new credential may do: everything, or what is ticked. */
export function ScopeFields({ values, error }: ScopeFieldsProps) {
  return (
    <div className="group/scopes space-y-2">
      <Select
        // A form that was answered goes back to what its fields began with.
        key={values?.[ACCESS.name]}
        label="It may do"
        name={ACCESS.name}
        options={ACCESS_OPTIONS}
        defaultValue={values?.[ACCESS.name] ?? ACCESS.all}
        error={error}
      />
      <div className="hidden rounded-md border border-line group-has-[option[value=chosen]:checked]/scopes:block">
        <ul className="divide-y divide-line">
          {AREAS.map(({ area, label, scopes }) => (
            <li key={area} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-3 py-2">
              <span className="min-w-0">{label}</span>
              <span className="flex gap-4">
                {scopes.map((scope) => (
                  <span key={scope} className="w-16">
                    <Checkbox
                      name={SCOPE_PREFIX + scope}
                      defaultChecked={values?.[SCOPE_PREFIX + scope] !== undefined}
                      aria-label={scope}
                      label={scope.endsWith(':read') ? 'Read' : 'Write'}
                    />
                  </span>
                ))}
                {scopes.length === 1 && <span aria-hidden="true" className="w-16" />}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
