import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** What a file names in its imports and re-exports, types as well, by its path. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const named = [...text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*'(\.[^']*)'/g)];
  return named.map(([, to]) => resolve(dirname(file), to!)).filter((to) => existsSync(to));
}

/** Circles of imports among these files, each as the way round. */
function circlesIn(files: readonly string[]): string[][] {
  const edges = new Map(files.map((file) => [file, importsOf(file)]));
  const circles: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    const begun = way.indexOf(file);
    if (begun >= 0) circles.push([...way.slice(begun), file]);
    if (begun >= 0 || done.has(file)) return;
    for (const to of edges.get(file) ?? []) visit(to, [...way, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return circles;
}

describe('imports', () => {
  it('go round in no circle', () => {
    const files = ['web', 'bot', 'shared', 'tools', 'test'].flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => join(ROOT, room, name)),
    );
    expect(files.length).toBeGreaterThan(500);
    const circles = circlesIn(files);
    expect(circles.map((way) => way.map((file) => relative(ROOT, file)).join(' > '))).toEqual([]);
  });

  it('that do are found', () => {
    const folder = mkdtempSync(join(tmpdir(), 'circle-'));
    try {
      const path = (name: string) => join(folder, `${name}.ts`);
      writeFileSync(path('a'), "import { b } from './b.ts';\nimport './d.ts';");
      writeFileSync(path('b'), "export type { C } from './c.ts';");
      writeFileSync(path('c'), "import type { A } from './a.ts';");
      writeFileSync(path('d'), "import type { B } from './b.ts';");
      const circles = circlesIn(['a', 'b', 'c', 'd'].map(path));
      expect(circles).toEqual([['a', 'b', 'c', 'a'].map(path)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
