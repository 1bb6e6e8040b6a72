import type { DocumentCheck } from '../document-check.ts';
import { nonUserTrafficText } from '../shared-checks.ts';

export const nonUserTraffic: DocumentCheck = {
  ...nonUserTrafficText,
  prose: true,
  inspect: (document) =>
    document.objectives.flatMap(({ name, section, target, queries }) => {
      if (target === undefined || queries.length === 0 || /health|probe|readiness|liveness/i.test(name)) return [];
      return document.markdown.codes.flatMap(({ text, span }) => {
        if (span.start < section.start || section.end <= span.start || !probe.test(text)) return [];
        return [{ message: `"${name}" counts \`${text}\`, which machines ask for at a steady pace`, span }];
      });
    }),
};

/** Endpoints that probes and scrapers ask, with or without a method. */
const probe = /^(?:(?:GET|HEAD)\s+)?\/(?:health|healthz|ready|readyz|live|livez|metrics|ping)\/?$/;
