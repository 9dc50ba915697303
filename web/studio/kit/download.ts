/** Handing files over to the person. */

/** Letters and digits of any alphabet; the rest is trouble on some disk or other. */
export const fileName = (parts: readonly string[]): string =>
  parts.map((part) => part.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 40)).join('_');

export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download reads the address after this task.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
