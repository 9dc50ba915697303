/**
 * npm run bench:winograd [-- --threads N]: where Winograd's form of a 3 x 3 convolution is faster than Conv on wasm. Three
 * layers of C to C channels with ReLU between, as in a network, so that pictures stay in tiles between them; each form the
 * quickest of five, in turn. What comes out is Conv's time over Winograd's: above 1, Winograd gains. What to set
 * `gainsOnWasm` in engine/lowering by.
 */
import { parseArgs } from 'node:util';
import { GraphBuilder } from '../../web/engine/graph/builder.ts';
import type { Graph } from '../../web/engine/graph/graph.ts';
import { float32, sizeOf } from '../../web/engine/graph/tensor.ts';
import { tiledConvolutions } from '../../web/engine/lowering/layout.ts';
import { normal, random } from '../../web/engine/random.ts';
import { runCommand } from '../cli.ts';
import { wasmRuntime } from '../host.ts';

const CHANNELS = [4, 8, 16, 24, 32, 64, 128, 256, 512];
const SIDES = [8, 16, 32, 64, 128, 256];
const LAYERS = 3;
const ROUNDS = 5;
/** Multiplications of a layer beyond which a cell takes too long to measure. */
const MOST = 12e9;

function layers(channels: number, side: number): Graph {
  const b = new GraphBuilder();
  const gauss = normal(random(1));
  const noise = (dims: readonly number[], scale: number) =>
    float32(
      dims,
      Float32Array.from({ length: sizeOf(dims) }, () => scale * gauss()),
    );
  let x = b.input('x', [1, channels, side, side]);
  for (let i = 0; i < LAYERS; i++) {
    const kernel = noise([channels, channels, 3, 3], 1 / Math.sqrt(9 * channels));
    x = b.relu(
      b.op('Conv', [x, b.initializer(kernel)], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
    );
  }
  b.output(b.sum(x), 'y');
  return b.build();
}

await runCommand(async () => {
  const { values } = parseArgs({ options: { threads: { type: 'string' } } });
  const runtime = wasmRuntime(values.threads === undefined ? undefined : Number(values.threads), {
    plain: true,
  });
  process.stdout.write(`${runtime.description}\nC      ${SIDES.join('\t')}\n`);
  for (const channels of CHANNELS) {
    const row: string[] = [];
    for (const side of SIDES) {
      if (9 * channels ** 2 * side ** 2 > MOST) continue;
      const graph = layers(channels, side);
      const forms = [graph, tiledConvolutions(graph, () => true)];
      const programs = await Promise.all(forms.map((form) => runtime.load(form, [])));
      const x = new Float32Array(channels * side * side).fill(0.5);
      const best = [Infinity, Infinity];
      for (let round = 0; round < ROUNDS; round++)
        for (const [i, program] of programs.entries()) {
          const begun = performance.now();
          await (await program.run({ x })).read();
          best[i] = Math.min(best[i]!, performance.now() - begun);
        }
      for (const program of programs) program.dispose();
      row.push((best[0]! / best[1]!).toFixed(2));
    }
    process.stdout.write(`${String(channels).padEnd(7)}${row.join('\t')}\n`);
  }
  await runtime.dispose();
});
