import type { StatusTone } from '@/components/ui/status-dot';
import { StatusDot } from '@/components/ui/status-dot';

/** What the status of a directory is told from. */
export interface DirectoryStatusFacts {
  readonly isEnabled: boolean;
  readonly status: 'DRAFT' | 'IN_PROGRESS' | 'COMPLETED';
}

/** How a directory stands, as a tone and a word. Undefined stands for an organization that has none. */
export function describeDirectory(directory: DirectoryStatusFacts | undefined): { tone: StatusTone; word: string } {
  if (!directory) return { tone: 'idle', word: 'Not connected' };
  if (directory.isEnabled) return { tone: 'success', word: 'Active' };
  return directory.status === 'COMPLETED'
    ? { tone: 'warning', word: 'Disabled' }
    : { tone: 'progress', word: 'Setting up' };
}

/** A dot and a word for a directory, or for an organization without one. */
export function DirectoryStatus({ directory }: { directory: DirectoryStatusFacts | undefined }) {
  const { tone, word } = describeDirectory(directory);
  return <StatusDot tone={tone}>{word}</StatusDot>;
}
