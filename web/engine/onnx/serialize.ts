import { create, toBinary } from '@bufbuild/protobuf';
import type { Attribute, Graph, Value } from '../graph/graph.ts';
import {
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx_pb.ts';
import { DTYPES, type TensorData } from '../graph/tensor.ts';

/** The operator set that the builder's nodes are written for. */
export const OPSET = 18;
const IR_VERSION = 8;

export interface SerializeOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  /** Names for dims of inputs and outputs that shall stay open, e.g. `{ image: [1, 3, 'height', 'width'] }`. */
  readonly openDims?: Readonly<Record<string, readonly (number | string)[]>>;
}

/** AttributeProto.AttributeType of the ONNX specification. */
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 } as const;

/** A graph as the bytes of an ONNX file (ModelProto). Initializer bytes are copied once, into the result. */
export function serialize(
  graph: Graph,
  { metadata = {}, openDims = {} }: SerializeOptions = {},
): Uint8Array {
  const model = create(ModelProtoSchema, {
    irVersion: BigInt(IR_VERSION),
    producerName: 'restyle',
    opsetImport: [{ domain: '', version: BigInt(OPSET) }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: create(GraphProtoSchema, {
      name: 'restyle',
      node: graph.nodes.map((node) =>
        create(NodeProtoSchema, {
          name: node.name,
          opType: node.op,
          input: node.inputs.map((input) => input?.name ?? ''),
          output: node.outputs.map((output) => output.name),
          attribute: Object.entries(node.attributes).map(([name, value]) =>
            attributeProto(name, value),
          ),
        }),
      ),
      initializer: graph.initializers.map((value) => tensorProto(value.name, value.data!)),
      input: graph.inputs.map((value) => valueInfo(value, openDims[value.name])),
      output: graph.outputs.map((value) => valueInfo(value, openDims[value.name])),
    }),
  });
  return toBinary(ModelProtoSchema, model);
}

function tensorProto(name: string, { dims, dtype, bytes }: TensorData): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: DTYPES[dtype].code,
    rawData: bytes,
  });
}

function valueInfo(value: Value, open: readonly (number | string)[] = value.dims): ValueInfoProto {
  const dim = open.map((size) =>
    typeof size === 'string'
      ? { value: { case: 'dimParam' as const, value: size } }
      : { value: { case: 'dimValue' as const, value: BigInt(size) } },
  );
  return create(ValueInfoProtoSchema, {
    name: value.name,
    type: { tensorType: { elemType: DTYPES[value.dtype].code, shape: { dim } } },
  });
}

function attributeProto(name: string, attribute: Attribute): AttributeProto {
  const proto = create(AttributeProtoSchema, { name, type: ATTRIBUTE_TYPE[attribute.kind] });
  switch (attribute.kind) {
    case 'int':
      proto.i = BigInt(attribute.value);
      break;
    case 'float':
      proto.f = attribute.value;
      break;
    case 'string':
      proto.s = new TextEncoder().encode(attribute.value);
      break;
    case 'ints':
      proto.ints = attribute.value.map(BigInt);
      break;
    case 'floats':
      proto.floats = [...attribute.value];
      break;
    case 'tensor':
      proto.t = tensorProto('', attribute.value);
      break;
  }
  return proto;
}
