import { expect, test } from 'vitest';
import { startPrometheus } from './prometheus.ts';

test('a real Prometheus answers from the history it was given', async (context) => {
  const start = 1_700_000_000;
  const lines = Array.from({ length: 100 }, (_, i) => `requests_total{job="a"} ${i * 10} ${start + i * 60}`);
  const history = `# TYPE requests counter\n${lines.join('\n')}\n# EOF\n`;
  const server = await startPrometheus(context, { history });
  try {
    const answer = await fetch(`${server.url}/api/v1/query?query=requests_total&time=${start + 600}`);
    expect(await answer.json()).toMatchObject({ data: { result: [{ value: [start + 600, '100'] }] } });
  } finally {
    await server.stop();
  }
});
