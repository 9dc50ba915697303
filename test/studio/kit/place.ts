/** What the studio's modules read of a page when they are imported: an address, a language, an element that has one. */
Object.assign(globalThis, {
  location: new URL('https://restyle.test/?ahead=0'),
  document: { baseURI: 'https://restyle.test/', documentElement: {} },
});
if (!('navigator' in globalThis))
  Object.assign(globalThis, { navigator: { languages: ['en'], hardwareConcurrency: 2 } });
