/** Cross-origin isolation, and with it threads, also from hosts that send no headers. */
import { ISOLATION_HEADERS } from '../../shared/policy.ts';

export function isolated(response: Response): Response {
  const { status, statusText, body } = response;
  // Opaque answers (status 0) cannot be made anew.
  if (status === 0) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION_HEADERS)) headers.set(name, value);
  return new Response(body, { status, statusText, headers });
}
