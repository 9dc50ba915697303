/** Programs compiled once: from source, each of the hundreds of starts in the tests takes a second more. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';
import { builtOnce } from './builds.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Files beside a program's source are found from there. */
const WHERE_IT_WAS: Plugin = {
  name: 'where-it-was',
  transform: (code, id) =>
    id.includes('node_modules')
      ? null
      : code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)),
};

/**
 * @param sources their files from the project's root, by name
 * @returns the folder where each is NAME.mjs
 */
export function buildPrograms(name: string, sources: Record<string, string>): Promise<string> {
  return builtOnce(name, async (outDir) => {
    await build({
      root: ROOT,
      configFile: false,
      logLevel: 'error',
      publicDir: false,
      plugins: [WHERE_IT_WAS],
      build: {
        ssr: true,
        outDir,
        target: 'node20',
        rolldownOptions: { input: sources, output: { entryFileNames: '[name].mjs' } },
      },
    });
  });
}
