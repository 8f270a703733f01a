/** A destination of the dashboard's navigation. */
export interface NavItem {
  label: string;
  href: string;
  /** The folder whose pages belong to it; by default the `href`. */
  root?: string;
  icon?: 'organizations' | 'logs' | 'developers' | 'settings';
  children?: readonly NavItem[];
}

/** The dashboard's navigation. Add a page here when it exists: nothing in the navigation leads nowhere. */
export const DASHBOARD_NAV: readonly NavItem[] = [
  { label: 'Organizations', href: '/dashboard/organizations', icon: 'organizations' },
  {
    label: 'Logs',
    href: '/dashboard/logs',
    icon: 'logs',
    children: [{ label: 'Events', href: '/dashboard/logs/events' }],
  },
  {
    label: 'Developers',
    href: '/dashboard/developers/api-configuration',
    root: '/dashboard/developers',
    icon: 'developers',
    children: [
      { label: 'API Configuration', href: '/dashboard/developers/api-configuration' },
      { label: 'API reference', href: '/dashboard/developers/api-reference' },
      { label: 'Webhooks', href: '/dashboard/developers/webhooks' },
    ],
  },
  {
    label: 'Settings',
    href: '/dashboard/settings',
    icon: 'settings',
    children: [{ label: 'System', href: '/dashboard/settings/system' }],
  },
];
