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

export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly domain?: string;
  /** Attributes that are the call's, of a function: own name to the function's. */
  readonly references?: Readonly<Record<string, string>>;
}

function nodeProto(
  { op, inputs, outputs, attributes = {}, domain = '', references = {} }: GraphNode,
  opset: number,
) {
  const kinds = versionAt(op, opset)?.attributes ?? {};
  return create(NodeProtoSchema, {
    opType: op,
    domain,
    input: [...inputs],
    output: [...outputs],
    attribute: [
      ...Object.entries(attributes).map(([name, value]) =>
        attribute(
          name,
          kinds[name] ?? (typeof value === 'number' && !Number.isInteger(value) ? 'float' : 'int'),
          value,
        ),
      ),
      ...Object.entries(references).map(([name, refAttrName]) =>
        create(AttributeProtoSchema, {
          name,
          refAttrName,
          type: KINDS[kinds[name] as keyof typeof KINDS],
        }),
      ),
    ],
  });
}

export interface GraphFunction {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly string[];
  readonly nodes: readonly GraphNode[];
}

export interface GraphFile {
  readonly opset: number;
  /** Of the input `x`; `null` if the file says nothing of them. */
  readonly dims: readonly (number | string)[] | null;
  readonly nodes: readonly GraphNode[];
  readonly constants?: Readonly<Record<string, TensorData>>;
  readonly outputs: readonly string[];
  readonly functions?: readonly GraphFunction[];
}

/** A file from `x` to its outputs. */
export function graphModel({
  opset,
  dims,
  nodes,
  constants = {},
  outputs,
  functions = [],
}: GraphFile): Uint8Array {
  const dim = dims?.map((size) =>
    typeof size === 'string'
      ? { value: { case: 'dimParam' as const, value: size } }
      : { value: { case: 'dimValue' as const, value: BigInt(size) } },
  );
  const domains = [...new Set(functions.map(({ domain }) => domain))];
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [
      { domain: '', version: BigInt(opset) },
      ...domains.map((domain) => ({ domain, version: 1n })),
    ],
    functions: functions.map((f) => ({
      name: f.name,
      domain: f.domain,
      input: [...f.inputs],
      output: [...f.outputs],
      attribute: [...f.attributes],
      node: f.nodes.map((node) => nodeProto(node, opset)),
      opsetImport: [
        { domain: '', version: BigInt(opset) },
        ...domains.map((domain) => ({ domain, version: 1n })),
      ],
    })),
    graph: create(GraphProtoSchema, {
      name: 'graph',
      node: nodes.map((node) => nodeProto(node, opset)),
      initializer: Object.entries(constants).map(([name, data]) => tensor(name, data)),
      input: [
        create(ValueInfoProtoSchema, {
          name: 'x',
          type: { tensorType: { elemType: 1, ...(dim && { shape: { dim } }) } },
        }),
      ],
      output: outputs.map((name) => create(ValueInfoProtoSchema, { name })),
    }),
  });
  return toBinary(ModelProtoSchema, model);
}

/** A model from `x` to `y0`, `y1`, ... Kinds of attributes are those of the specification; unknown ones are ints. */
export function oneNodeModel({
  op,
  opset,
  inputs,
  dims,
  attributes,
  outputs,
  domain = '',
}: OneNode): Uint8Array {
  const names = inputs.map((input, i) => (input === 'x' ? 'x' : input ? `c${i}` : ''));
  const results = Array.from({ length: outputs }, (_, i) => `y${i}`);
  const constants = inputs.flatMap((input, i) =>
    input && input !== 'x' ? [[names[i]!, input] as const] : [],
  );
  return graphModel({
    opset,
    dims,
    nodes: [{ op, domain, inputs: names, outputs: results, attributes }],
    constants: Object.fromEntries(constants),
    outputs: results,
  });
}
