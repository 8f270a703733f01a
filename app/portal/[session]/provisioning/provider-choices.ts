import type { Directory } from '@/lib/domain/directory/types';
import { listProviders } from '@/lib/providers/registry';
import type { ProviderChoice } from './provider-grid';

/** Every provider, as the grid offers it to an organization that has these directories. */
export function toProviderChoices(directories: readonly Directory[]): readonly ProviderChoice[] {
  return listProviders().map(({ id, name, mark, unavailable }) => ({
    id,
    name,
    mark,
    unavailable,
    isBegun: directories.some((item) => item.provider === id && !item.isEnabled && item.status !== 'COMPLETED'),
  }));
}
