/** Files of one node, as any exporter might write them, and the specification that they are written by. */
import { create, toBinary } from '@bufbuild/protobuf';
import { readFileSync } from 'node:fs';
import { DTYPES, type TensorData } from '../../web/engine/graph/tensor.ts';
import {
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from '../../web/engine/onnx/onnx_pb.ts';

/** An operator's form from an opset on. */
export interface Version {
  readonly since: number;
  /** Name to kind: int, float, string, tensor, ints, floats, strings, graph, ... */
  readonly attributes: Readonly<Record<string, string>>;
  readonly deprecated: boolean;
}

type Row = [number, Record<string, string>, string[], string[], 'deprecated'?];

// Made by test/fixtures/operators/make.py from the ONNX package.
const rows = JSON.parse(
  readFileSync(new URL('../fixtures/operators/specification.json', import.meta.url), 'utf8'),
) as Record<string, Row[]>;

/** Every operator of the standard set up to opset 23; of the versions before opset 7, the newest. */
export const SPECIFICATION: ReadonlyMap<string, readonly Version[]> = new Map(
  Object.entries(rows).map(([op, versions]) => [
    op,
    versions.map(([since, attributes, , , deprecated]) => ({
      since,
      attributes,
      deprecated: deprecated !== undefined,
    })),
  ]),
);

export function versionAt(op: string, opset: number): Version | undefined {
  return SPECIFICATION.get(op)?.findLast(({ since }) => since <= opset);
}

export type AttributeValue = number | string | readonly number[] | TensorData;

const KINDS = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 };

function attribute(name: string, kind: string, value: AttributeValue) {
  const proto = create(AttributeProtoSchema, { name, type: KINDS[kind as keyof typeof KINDS] });
  if (kind === 'float') proto.f = value as number;
  if (kind === 'int') proto.i = BigInt(value as number);
  if (kind === 'string') proto.s = new TextEncoder().encode(value as string);
  if (kind === 'tensor') proto.t = tensor('', value as TensorData);
  if (kind === 'floats') proto.floats = [...(value as readonly number[])];
  if (kind === 'ints') proto.ints = (value as readonly number[]).map(BigInt);
  return proto;
}

function tensor(name: string, { dims, dtype, bytes }: TensorData) {
  const dataType = DTYPES[dtype].code;
  return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType, rawData: bytes });
}

export interface OneNode {
  readonly op: string;
  readonly opset: number;
  /** `x` stands for the file's one input, `null` for one that is left out. */
  readonly inputs: readonly ('x' | TensorData | null)[];
  readonly dims: readonly number[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly outputs: number;
  readonly domain?: string;
}

/** A model from `x` to `y0`, `y1`, ... Kinds of attributes are those of the specification; unknown ones are ints. */
export function oneNodeModel(one: OneNode): Uint8Array {
  const { op, opset, inputs, dims, attributes, outputs, domain = '' } = one;
  const kinds = versionAt(op, opset)?.attributes ?? {};
  const names = inputs.map((input, i) => (input === 'x' ? 'x' : input ? `c${i}` : ''));
  const results = Array.from({ length: outputs }, (_, i) => `y${i}`);
  const dim = dims.map((size) => ({ value: { case: 'dimValue' as const, value: BigInt(size) } }));
  const node = create(NodeProtoSchema, {
    opType: op,
    domain,
    input: names,
    output: results,
    attribute: Object.entries(attributes).map(([name, value]) =>
      attribute(name, kinds[name] ?? 'int', value),
    ),
  });
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ domain: '', version: BigInt(opset) }],
    graph: create(GraphProtoSchema, {
      name: 'one',
      node: [node],
      initializer: inputs.flatMap((input, i) =>
        input && input !== 'x' ? [tensor(names[i]!, input)] : [],
      ),
      input: [
        create(ValueInfoProtoSchema, {
          name: 'x',
          type: { tensorType: { elemType: 1, shape: { dim } } },
        }),
      ],
      output: results.map((name) => create(ValueInfoProtoSchema, { name })),
    }),
  });
  return toBinary(ModelProtoSchema, model);
}
