/** Pictures shared from other apps: what the manifest, the service worker and the page agree on. */

/** Of the manifest's share_target: an address that only the service worker answers. */
export const SHARE_ACTION = 'share';

/** The name of the files' field in what is posted there. */
export const SHARE_FIELD = 'photo';

/** The page's query when pictures wait. */
export const SHARED_QUERY = 'shared';

/** Where they wait: a cache of the host's, and how their addresses in it begin. */
export const SHARED_CACHE = 'restyle-shared-v1';
export const SHARED_ENTRY = 'shared-picture-';

/** The header that carries a file's name, percent-encoded: header values are ASCII. */
export const SHARED_NAME = 'x-name';
