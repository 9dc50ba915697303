/** The web app manifest. Its addresses are relative to itself, so that it is right in any sub-folder. */
import type { ManifestOptions } from 'vite-plugin-pwa';
import { SHARE_ACTION, SHARE_FIELD } from './share.ts';

const PAPER = '#faf8f3';

export const webManifest: Partial<ManifestOptions> = {
  name: 'Restyle',
  short_name: 'Restyle',
  description: 'Repaint a photo in the manner of a picture, on your own device',
  lang: 'en',
  dir: 'ltr',
  start_url: './',
  scope: './',
  display: 'standalone',
  background_color: PAPER,
  theme_color: PAPER,
  categories: ['photo', 'graphics'],
  icons: [
    { src: 'icons/icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
    { src: 'icons/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
    {
      src: 'icons/maskable-512.png',
      sizes: '512x512',
      type: 'image/png',
      purpose: 'maskable',
    },
  ],
  share_target: {
    action: `./${SHARE_ACTION}`,
    method: 'POST',
    enctype: 'multipart/form-data',
    params: { files: [{ name: SHARE_FIELD, accept: ['image/*'] }] },
  },
  // A launch, a shared picture or a job's link never takes the place of a picture in the making.
  launch_handler: { client_mode: 'navigate-new' },
};
