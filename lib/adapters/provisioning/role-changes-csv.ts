import type { Context } from '@/lib/core/context';
import { streamRoleChanges } from '@/lib/domain/role-mapping/queries';
import type { AssignmentChoice, DirectoryRef } from '@/lib/domain/role-mapping/types';

const COLUMNS = ['user_id', 'user_name', 'display_name', 'email', 'roles_before', 'roles_after'];

/** One line of a CSV file (RFC 4180). A cell that a spreadsheet would run as a formula begins with an apostrophe. */
export function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => {
    const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${quoted.join(',')}\r\n`;
}

/**
 * Everyone whose roles these assignments would change, as a CSV file that is read from the database as fast as it is taken. The first people
 * are read before it returns, so that what is wrong is thrown. @throws as `previewRoleMapping` does
 */
export async function roleChangesCsv(
  ctx: Context,
  input: DirectoryRef & { readonly assignments: readonly AssignmentChoice[] },
): Promise<ReadableStream<Uint8Array>> {
  const batches = streamRoleChanges(ctx, input);
  let next = await batches.next();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(csvLine(COLUMNS)));
    },
    async pull(controller) {
      if (next.done) {
        controller.close();
        return;
      }
      const lines = next.value.map(({ userId, userName, displayName, email, before, after }) =>
        csvLine([userId, userName, displayName, email ?? '', before.join(' '), after.join(' ')]),
      );
      controller.enqueue(encoder.encode(lines.join('')));
      next = await batches.next();
    },
    async cancel() {
      await batches.return(undefined);
    },
  });
}
