/** What of a ModelProto is made into the engine's own forms. */
import { InvalidModelError, UnsupportedOperatorError } from '../errors.ts';
import type { Attribute } from '../graph/graph.ts';
import { bytesOf, DTYPES, dtypeOfCode, sizeOf, type TensorData } from '../graph/tensor.ts';
import type { AttributeProto, NodeProto, TensorProto, ValueInfoProto } from './onnx_pb.ts';

/** For whatever is wrong inside a file. */
export const ADVICE = 'Fetch or export the file again.';

/** An input's dims; `null` where the file leaves them open. */
export function declaredDims({ type }: ValueInfoProto): (number | null)[] {
  return (type?.tensorType?.shape?.dim ?? []).map(({ value }) =>
    value.case === 'dimValue' && value.value > 0n ? Number(value.value) : null,
  );
}

/** A TensorProto's elements: a view of `raw_data`, or the typed field packed into bytes. */
export function tensorOf(proto: TensorProto): TensorData {
  const dims = proto.dims.map(Number);
  const dtype = dtypeOfCode(proto.dataType);
  if (!dtype) {
    throw new InvalidModelError(
      `tensor "${proto.name}" has an element type that is not supported (${proto.dataType})`,
      ADVICE,
    );
  }
  if (proto.dataLocation === 1) {
    throw new InvalidModelError(
      `tensor "${proto.name}" lies in another file`,
      'Put that file beside it, or export the model as one file.',
    );
  }
  const bytes = proto.rawData.length > 0 ? proto.rawData : packed(proto, dtype);
  if (bytes.byteLength !== sizeOf(dims) * DTYPES[dtype].bytes) {
    throw new InvalidModelError(`tensor "${proto.name}" is cut short`, ADVICE);
  }
  return { dtype, dims, bytes };
}

function packed(proto: TensorProto, dtype: TensorData['dtype']): Uint8Array {
  switch (dtype) {
    case 'float32':
      return bytesOf(Float32Array.from(proto.floatData));
    case 'float64':
      return bytesOf(Float64Array.from(proto.doubleData));
    case 'int64':
      return bytesOf(BigInt64Array.from(proto.int64Data));
    case 'float16':
      return bytesOf(Uint16Array.from(proto.int32Data));
    case 'int32':
      return bytesOf(Int32Array.from(proto.int32Data));
    default:
      return Uint8Array.from(proto.int32Data);
  }
}

/** Throws UnsupportedOperatorError for an attribute of a kind that no supported operator has. */
export function attributesOf(node: NodeProto): Record<string, Attribute> {
  const attributes: Record<string, Attribute> = {};
  for (const proto of node.attribute) {
    const attribute = attributeOf(proto);
    if (!attribute) {
      throw new UnsupportedOperatorError(
        `${node.opType} (node "${node.name}") with the attribute ${proto.name} is not supported: it holds a list of texts or a graph`,
        'Take taps before this node.',
      );
    }
    attributes[proto.name] = attribute;
  }
  return attributes;
}

function attributeOf(proto: AttributeProto): Attribute | undefined {
  if (proto.t) return { kind: 'tensor', value: tensorOf(proto.t) };
  if (proto.s !== undefined) return { kind: 'string', value: new TextDecoder().decode(proto.s) };
  if (proto.i !== undefined && proto.type !== 1) return { kind: 'int', value: Number(proto.i) };
  if (proto.f !== undefined) return { kind: 'float', value: proto.f };
  if (proto.floats.length > 0) return { kind: 'floats', value: proto.floats };
  // An empty list of integers has no field at all; 7 is INTS.
  if (proto.ints.length > 0 || proto.type === 7)
    return { kind: 'ints', value: proto.ints.map(Number) };
  // Zero is left out by proto3 writers; 1 is FLOAT, 2 is INT.
  if (proto.type === 2) return { kind: 'int', value: 0 };
  if (proto.type === 1) return { kind: 'float', value: 0 };
  if (proto.type === 3) return { kind: 'string', value: '' };
  return undefined;
}
