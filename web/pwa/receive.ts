/** Pictures shared from other apps: kept until the page that opens takes them. */
import { SHARE_FIELD, SHARED_CACHE, SHARED_ENTRY, SHARED_NAME, SHARED_QUERY } from './share.ts';

export async function receiveShared(request: Request, scope: string): Promise<Response> {
  const files = (await request.formData()).getAll(SHARE_FIELD).filter((it) => it instanceof File);
  const cache = await caches.open(SHARED_CACHE);
  for (const [i, file] of files.entries()) {
    const headers = { 'content-type': file.type, [SHARED_NAME]: encodeURIComponent(file.name) };
    await cache.put(new URL(`${SHARED_ENTRY}${i}`, scope), new Response(file, { headers }));
  }
  const page = new URL(scope);
  page.search = SHARED_QUERY;
  return Response.redirect(page.href, 303);
}
