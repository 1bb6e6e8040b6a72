import fc from 'fast-check';
import { expect, test } from 'vitest';
import { word } from '../../../../test/arbitrary-organisation.ts';
import { anyMetric, anyService } from '../../../../test/arbitrary-services.ts';
import { defineService, printDefinition, readDefinitions } from '../index.ts';

// What definitions of every kind mean must survive being printed and read again.

test('printed and read again, services of every kind are the same', () => {
  fc.assert(
    fc.property(anyService, (definition) => {
      const defined = defineService(definition);
      const again = readDefinitions({ name: 'printed', text: printDefinition(defined) });
      expect(again.ok ? [] : again.diagnostics).toEqual([]);
      expect(again.ok && again.value).toEqual([defined]);
    }),
    { numRuns: 120 },
  );
});

test('so are catalogues, and what is not there yet', () => {
  fc.assert(
    fc.property(fc.dictionary(word, anyMetric, { minKeys: 1, maxKeys: 3 }), (metrics) => {
      const right = Object.fromEntries(
        Object.entries(metrics).map(([name, { aliases, ...rest }]) => [
          name,
          { ...rest, ...(aliases && { aliases: aliases.filter((alias) => alias !== name) }) },
        ]),
      );
      const [first = ''] = Object.keys(metrics);
      const slos = { a: { target: '99%', condition: `${first} < 1` } };
      const defined = defineService({ service: 'home', metrics: right, slos });
      const again = readDefinitions({ name: 'printed', text: printDefinition(defined) });
      expect(again.ok && again.value).toEqual([defined]);
      expect(defined.slos[0]?.lifecycle).toBe(metrics[first]?.pendingOn === undefined ? 'active' : 'pending');
    }),
    { numRuns: 100 },
  );
});
