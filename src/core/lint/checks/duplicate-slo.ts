import { indicatorText, measureText, periodText, type Slo } from '../../slo/index.ts';
import type { Check } from '../check.ts';
import { duplicateSloText } from '../shared-checks.ts';

/** The same events judged twice: one of the two is forgotten when the other is changed. */
export const duplicateSlo: Check = {
  ...duplicateSloText,
  run: (service) => {
    const first = new Map<string, Slo>();
    return service.slos.flatMap((slo) => {
      const groups = slo.groupBy.toSorted().join(' ');
      const key = `${indicatorText(slo.indicator)}${measureText(slo.measure)} ${periodText(slo.period)} ${groups}`;
      const other = first.get(key);
      if (other === undefined) first.set(key, slo);
      if (other === undefined) return [];
      return [{ message: `\`${slo.name}\` measures the same as \`${other.name}\``, path: ['slos', slo.name] }];
    });
  },
};
