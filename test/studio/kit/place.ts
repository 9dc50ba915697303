/** What the studio's modules read of a page when they are imported: an address, a window, a language, an element that has one. */
Object.assign(globalThis, {
  window: globalThis,
  parent: globalThis,
  location: new URL('https://restyle.test/?ahead=0'),
  document: Object.assign(new EventTarget(), {
    baseURI: 'https://restyle.test/',
    documentElement: {},
  }),
  addEventListener: () => undefined,
});
if (!('navigator' in globalThis))
  Object.assign(globalThis, { navigator: { languages: ['en'], hardwareConcurrency: 2 } });
