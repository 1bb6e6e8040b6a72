import { expect, test } from 'vitest';
import { expandBraces } from './alert-names.ts';

test.each<[string, readonly string[]]>([
  ['Burn', ['Burn']],
  ['Burn{Fast,Slow}', ['BurnFast', 'BurnSlow']],
  ['{Web, Api}Burn', ['WebBurn', 'ApiBurn']],
  ['Flow{Web,Api}Burn{Fast,Slow}', ['FlowWebBurnFast', 'FlowWebBurnSlow', 'FlowApiBurnFast', 'FlowApiBurnSlow']],
  ['Burn{Fast', ['Burn{Fast']],
  ['', ['']],
])('%s stands for %j', (text, words) => {
  expect(expandBraces(text)).toEqual(words);
});

test('a text of many braces stands for few words, or for itself', () => {
  expect(expandBraces('{a,b}'.repeat(50))).toHaveLength(64);
  expect(expandBraces('{a,b}'.repeat(200_000))).toHaveLength(1);
});
