import type { Outcome } from '../../core/base/index.ts';
import { type Exposition, expositionContentTypes, type Labels, parseExposition } from '../../core/series/index.ts';
import { fetchText, HttpFailure } from '../../sources/index.ts';
import type { Target } from './target.ts';

/** What one fetch of a page gave. */
export type Page =
  | { readonly ok: true; readonly exposition: Exposition }
  | { readonly ok: false; readonly reason: string; readonly help?: string };

/** OpenMetrics is asked for first because it says where the page ends. */
const accept = 'application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

/** Fetches and reads the page of a target. Whatever the target does, the answer is a page or a reason, within the job's limits. */
export async function fetchPage(target: Target, known: Map<string, Labels>, signal: AbortSignal): Promise<Page> {
  const { job, url } = target;
  let body: string;
  let contentType: string;
  try {
    const answer = await fetchText({
      url,
      timeout: job.timeout,
      bodyLimit: job.bodySizeLimit,
      headers: {
        accept,
        'user-agent': 'Nines',
        'x-prometheus-scrape-timeout-seconds': String(job.timeout / 1000),
      },
      signal,
    });
    if (answer.status !== 200) return refused(answer.status);
    body = answer.body;
    contentType = answer.contentType;
  } catch (error) {
    if (error instanceof HttpFailure) return { ok: false, reason: error.message };
    throw error;
  }
  if (!isMetricsType(contentType)) {
    if (job.fallbackContentType === undefined && !/html|json/.test(contentType)) {
      const sent = contentType === '' ? 'no content type' : `the content type ${JSON.stringify(contentType)}`;
      const help = 'correct the path or the target, or set fallback_scrape_protocol';
      return { ok: false, reason: `the page has ${sent}`, help };
    }
    contentType = /html|json/.test(contentType) ? contentType : (job.fallbackContentType ?? contentType);
  }
  return read(body, parseExposition(body, contentType, { maxSamples: job.sampleLimit, known }));
}

function refused(status: number): Page {
  if (300 <= status && status < 400) {
    return { ok: false, reason: `the target redirects (${status})`, help: 'give the address that it redirects to' };
  }
  return { ok: false, reason: `the target answered with status ${status}` };
}

function isMetricsType(contentType: string): boolean {
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  return Object.values(expositionContentTypes).some((known) => known.split(';')[0] === type);
}

function read(body: string, outcome: Outcome<Exposition>): Page {
  if (outcome.ok) return { ok: true, exposition: outcome.value };
  const [first] = outcome.diagnostics;
  if (first === undefined) return { ok: false, reason: 'the page cannot be read' };
  const line = body.slice(0, first.span.start).split('\n').length;
  const reason = `line ${line}: ${first.message}`;
  return first.help === undefined ? { ok: false, reason } : { ok: false, reason, help: first.help };
}
