/**
 * Who made something, in words, from the actor's name that is stored with it, such as `operator:acc_1`.
 * @param ownAccountId the account of the person who reads
 */
export function describeActor(stored: string, ownAccountId: string): string {
  const split = stored.indexOf(':');
  const kind = split === -1 ? stored : stored.slice(0, split);
  const id = split === -1 ? '' : stored.slice(split + 1);
  if (id !== '' && id === ownAccountId) return 'You';
  switch (kind) {
    case 'operator':
      return 'Another operator';
    case 'apiClient':
      return 'API credential';
    case 'customerAdmin':
      return 'Customer admin';
    case 'portalSession':
      return 'Portal visitor';
    case 'directoryToken':
      return 'Directory';
    case 'system':
      return 'Gatehouse';
    default:
      return 'Unknown';
  }
}
