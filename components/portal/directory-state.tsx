import type { StatusTone } from '@/components/ui/status-dot';
import { StatusDot } from '@/components/ui/status-dot';

/** How a directory stands, for the admin who sets it up. */
export function DirectoryState({
  directory,
}: {
  directory: { readonly isEnabled: boolean; readonly status: 'DRAFT' | 'IN_PROGRESS' | 'COMPLETED' };
}) {
  const [tone, word]: [StatusTone, string] = directory.isEnabled
    ? ['success', 'Active']
    : directory.status === 'COMPLETED'
      ? ['warning', 'Disabled']
      : directory.status === 'DRAFT'
        ? ['idle', 'Draft']
        : ['progress', 'Setting up'];
  return <StatusDot tone={tone}>{word}</StatusDot>;
}
