import { expect, test } from 'vitest';
import { groupText, readGroup, writeGroup } from './groups.ts';

test.each([
  [{}, ''],
  [{ endpoint: '/a' }, 'endpoint /a'],
  [{ endpoint: '/a b?c=d&e', method: '' }, 'endpoint /a b?c=d&e, method (none)'],
])('the group %o comes back from an address, and reads as %s', (labels, text) => {
  expect(readGroup(writeGroup(labels))).toEqual(labels);
  expect(groupText(labels)).toBe(text);
});

test('an address without a group names none', () => {
  expect(readGroup(undefined)).toEqual({});
});
