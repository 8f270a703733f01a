import type { StatusTone } from '@/components/ui/status-dot';
import { StatusDot } from '@/components/ui/status-dot';

function toneOf(status: number): StatusTone {
  if (status >= 500) return 'danger';
  return status >= 400 ? 'warning' : 'success';
}

function wordOf(status: number): string {
  if (status >= 500) return 'Failed';
  return status >= 400 ? 'Refused' : 'OK';
}

/** The answer to a request: a dot, a word and the status code. */
export function HttpStatus({ status }: { status: number }) {
  return (
    <StatusDot tone={toneOf(status)}>
      {wordOf(status)} <span className="font-mono text-sm text-ink-soft">{status}</span>
    </StatusDot>
  );
}
