/** npm run -s operators: writes docs/OPERATORS.md from the tables that files are read by. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format } from 'prettier';
import type { Honoured } from '../web/engine/graph/operators/attributes.ts';
import { OPERATORS } from '../web/engine/graph/operators/index.ts';
import { COMPOSITIONS } from '../web/engine/onnx/compose/index.ts';
import { attributesOf, FIRST_OPSET, LAST_OPSET, SUPPORTED } from '../web/engine/onnx/support.ts';
import { olderAttributes } from '../web/engine/onnx/upgrade.ts';

export const PAGE = fileURLToPath(new URL('../docs/OPERATORS.md', import.meta.url));

const INTRODUCTION = `# Operators of ONNX files

Written by \`npm run -s operators\` from the tables by which files are read; do not edit it by hand.

Any ONNX network of these operators can be a feature network, in operator sets ${FIRST_OPSET} to ${LAST_OPSET}. What is not
listed, be it an operator, an attribute, a value of one or an output beyond the first, is refused by name: no attribute is
passed over in silence. \`test/unit/operators.test.ts\` compares each row, in each form that the specification gives the
operator, with ONNX Runtime (forward) and with central differences (gradient).

- **Gradient**: \`yes\`; \`-\` where the operator is only computed (a tap behind it has no gradient);
  \`constants\` where it is only evaluated on constants, while the file is read: shapes, and weights made from weights.
- **Attributes**: a name alone is honoured whatever it holds; otherwise the values are listed. _(no effect)_ says nothing
  about inference. _(to opset n)_ is only of older files.
- Inputs that say how (axes, shapes, pads, sizes, scales, kernels) must be known when the file is read.
- Windows (Conv, pools) are two-dimensional. Conv and ConvTranspose want constant kernels.
- Double precision is read as single. A QuantizeLinear is read together with the DequantizeLinear of the same scale behind
  it: values are cut to the range of the integers, and not rounded, since rounding has no gradient.
- Functions of the file itself are written out where they are called; weights may lie in files beside it. The input is
  [1, 3, H, W] or [1, H, W, 3]; a layer to look at is [1, C, H, W].
- A file for one size of picture takes others: sizes of a Resize, shapes of a Reshape and ends of a Slice that are numbers
  of pixels follow the picture (\`test/unit/fixed-sizes.test.ts\`). What cannot follow, a crop or something for each place,
  is refused by its node. A network whose layers meet at some sizes only sees the border repeated up to the next.
- What may be cut into tiles, and how far each operator then sees, is tried in \`test/unit/receptive.test.ts\`; in 16 bits
  each is tried in \`test/unit/operators-half.test.ts\`.
`;

function shown(name: string, honoured: Honoured, until = ''): string {
  if (honoured === 'all') return `\`${name}\`${until}`;
  if (honoured === 'no effect') return `\`${name}\` _(no effect)_${until}`;
  return `\`${name}\`: ${honoured.join(', ')}${until}`;
}

function row(op: string): string {
  const newest = attributesOf(op) ?? {};
  const attributes = Object.entries(newest).map(([name, honoured]) => shown(name, honoured));
  const older = new Map<string, string>();
  for (let opset = FIRST_OPSET; opset <= LAST_OPSET; opset++) {
    for (const [name, honoured] of Object.entries(olderAttributes(op, opset))) {
      if (!(name in newest)) older.set(name, shown(name, honoured, ` _(to opset ${opset})_`));
    }
  }
  const differentiable =
    op in COMPOSITIONS || op === 'Upsample' || OPERATORS[op]?.vjp !== undefined;
  const gradient = differentiable ? 'yes' : op in OPERATORS ? '-' : 'constants';
  return `| ${op} | ${gradient} | ${[...attributes, ...older.values()].join('; ')} |`;
}

export function operatorsPage(): Promise<string> {
  const table = [
    '| Operator | Gradient | Attributes |',
    '| --- | --- | --- |',
    ...SUPPORTED.map(row),
  ];
  return format(`${INTRODUCTION}\n${table.join('\n')}\n`, { parser: 'markdown', printWidth: 100 });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(PAGE, await operatorsPage());
}
