/** The fields of a form; files stay bytes. */
export interface Form {
  readonly fields: Readonly<Record<string, string>>;
  readonly files: ReadonlyMap<string, { readonly name: string; readonly bytes: Buffer }>;
}

/** Take a multipart/form-data body apart. */
export function parseForm(body: Buffer, contentType: string): Form {
  const boundary = /boundary=("?)([^";]+)\1/.exec(contentType)?.[2];
  if (boundary === undefined) throw new Error('a form without a boundary');
  const fields: Record<string, string> = {};
  const files = new Map<string, { name: string; bytes: Buffer }>();
  const mark = Buffer.from(`--${boundary}`);
  let at = body.indexOf(mark);
  for (;;) {
    const next = at < 0 ? -1 : body.indexOf(mark, at + mark.length);
    if (next < 0) return { fields, files };
    const part = body.subarray(at + mark.length + 2, next - 2);
    const split = part.indexOf('\r\n\r\n');
    const head = part.toString('utf8', 0, split);
    const value = part.subarray(split + 4);
    const name = /[ ;]name="([^"]*)"/.exec(head)?.[1] ?? '';
    const file = /filename="([^"]*)"/.exec(head)?.[1];
    if (file === undefined) fields[name] = value.toString('utf8');
    else files.set(name, { name: file, bytes: Buffer.from(value) });
    at = next;
  }
}
