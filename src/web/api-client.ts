import type { ApiError, ServiceDetail, ServiceList, SloDetail, SloHistory, SloList } from '../core/api/index.ts';

/** The server answered with a refusal; the message is meant for the reader. */
export class ApiFailure extends Error {
  override readonly name: string = 'ApiFailure';
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.help = help;
  }
}

export async function fetchSlos(signal: AbortSignal): Promise<SloList> {
  return await request<SloList>('slos', signal);
}

export async function fetchServices(signal: AbortSignal): Promise<ServiceList> {
  return await request<ServiceList>('services', signal);
}

export async function fetchService(service: string, signal: AbortSignal): Promise<ServiceDetail> {
  return await request<ServiceDetail>(`services/${encodeURIComponent(service)}`, signal);
}

export async function fetchSlo(service: string, slo: string, signal: AbortSignal): Promise<SloDetail> {
  return await request<SloDetail>(sloPath(service, slo), signal);
}

/** The last `rangeSeconds` up to now, a point every `stepSeconds`. */
export async function fetchHistory(
  service: string,
  slo: string,
  rangeSeconds: number,
  stepSeconds: number,
  group: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<SloHistory> {
  const to = Date.now();
  const query = new URLSearchParams({
    from: String(to - rangeSeconds * 1000),
    to: String(to),
    step: String(stepSeconds),
  });
  for (const [label, value] of Object.entries(group)) query.set(`group.${label}`, value);
  return await request<SloHistory>(`${sloPath(service, slo)}/history?${query}`, signal);
}

function sloPath(service: string, slo: string): string {
  return `slos/${encodeURIComponent(service)}/${encodeURIComponent(slo)}`;
}

async function request<Answer>(path: string, signal: AbortSignal): Promise<Answer> {
  // Relative to the page, so that a path prefix in front of it holds for the API too.
  const response = await fetch(`api/v1/${path}`, { signal, headers: { accept: 'application/json' } });
  if (response.ok) {
    const answer: Answer = await response.json();
    return answer;
  }
  const refusal = await readRefusal(response);
  throw new ApiFailure(refusal?.error.message ?? `the server answered ${response.status}`, refusal?.error.help);
}

async function readRefusal(response: Response): Promise<ApiError | undefined> {
  try {
    const body: ApiError = await response.json();
    return typeof body.error?.message === 'string' ? body : undefined;
  } catch {
    return undefined;
  }
}
