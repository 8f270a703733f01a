import { processSetup } from '@/lib/core/data-folder.mjs';
import { type AddressRules, readAddressRules } from '@/lib/core/safe-url';

let rules: AddressRules | undefined;

/** What this installation's webhooks may reach, as `GATEHOUSE_WEBHOOK_ALLOW` says. Throws before boot has set up the process. */
export function webhookAddressRules(): AddressRules {
  rules ??= readAddressRules(processSetup().config.webhookAllow);
  return rules;
}
