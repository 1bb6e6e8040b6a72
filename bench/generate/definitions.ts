/** A definition of a service with so many objectives, ratios and distributions in turn. */
export function definitionText(index: number, objectives: number): string {
  const slos = Array.from({ length: objectives }, (_, slo) => objectiveText(slo));
  return `apiVersion: nines/v1
service: service-${index}
owner: team-${index % 40}
metrics:
  http_requests_total: { type: counter, labels: [code, route] }
  http_seconds: { type: histogram, unit: s, buckets: [0.1, 0.5, 1, 5], labels: [route] }
slos:
${slos.join('')}`;
}

/** One objective, as it stands below `slos:`. */
export function objectiveText(index: number): string {
  if (index % 2 === 0) {
    return `  availability-${index}:
    target: 99.9%
    bad: http_requests_total{code=~"5..", route="/r${index}"}
    total: http_requests_total{route="/r${index}"}
    runbook: https://runbooks.example/${index}
`;
  }
  return `  latency-${index}:
    target: 99%
    histogram: http_seconds{route="/r${index}"}
    below: 500ms
`;
}
