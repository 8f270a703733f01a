import { expect, test } from 'vitest';
import { describeActor } from './actor';

test('the reader is told what they did themselves', () => {
  expect(describeActor('operator:acc_1', 'acc_1')).toBe('You');
  expect(describeActor('operator:acc_2', 'acc_1')).toBe('Another operator');
});

test('every kind of actor has words, and one that is not known says so', () => {
  expect(describeActor('apiClient:skc_1', 'acc_1')).toBe('API credential');
  expect(describeActor('portalSession:ps_1', 'acc_1')).toBe('Portal visitor');
  expect(describeActor('customerAdmin:acc_3', 'acc_1')).toBe('Customer admin');
  expect(describeActor('directoryToken:sec_1', 'acc_1')).toBe('Directory');
  expect(describeActor('system:boot', 'acc_1')).toBe('Gatehouse');
  expect(describeActor('', '')).toBe('Unknown');
});
