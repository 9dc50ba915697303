import { useEffect, useMemo } from 'preact/hooks';

/** An address for a blob, for as long as the component shows it. */
export function useUrl(blob: Blob): string {
  const url = useMemo(() => URL.createObjectURL(blob), [blob]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return url;
}
