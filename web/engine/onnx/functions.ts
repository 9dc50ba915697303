/** A file's own functions, written out where they are called. */
import { clone } from '@bufbuild/protobuf';
import { InvalidModelError, UnsupportedOperatorError } from '../errors.ts';
import {
  AttributeProtoSchema,
  NodeProtoSchema,
  type AttributeProto,
  type FunctionProto,
  type ModelProto,
  type NodeProto,
} from './onnx_pb.ts';

/** Functions that call one another deeper than this call themselves. */
const DEEPEST = 32;

const keyOf = (domain: string, name: string, overload: string) => `${domain}\n${name}\n${overload}`;

const isStandard = (domain: string) => domain === '' || domain === 'ai.onnx';

const standardOpset = (imports: ModelProto['opsetImport']): bigint | undefined =>
  imports.find(({ domain }) => isStandard(domain))?.version;

/**
 * The graph's nodes without calls of the file's functions. Values inside of a call are named after its node.
 *
 * @throws UnsupportedOperatorError if a function is written in another operator set than the graph
 */
export function inlined({ graph, functions, opsetImport }: ModelProto): NodeProto[] {
  const nodes = graph!.node;
  if (functions.length === 0) return nodes;
  const own = new Map(functions.map((f) => [keyOf(f.domain, f.name, f.overload), f]));
  const opset = standardOpset(opsetImport);
  const expand = (node: NodeProto, at: string, depth: number): NodeProto[] => {
    const body = own.get(keyOf(node.domain, node.opType, node.overload));
    if (!body) return [node];
    const version = standardOpset(body.opsetImport);
    if (version !== undefined && version !== opset) {
      throw new UnsupportedOperatorError(
        `the function ${body.name} is written in operator set ${version}, its model in ${opset}`,
        'Export the model again.',
      );
    }
    if (depth > DEEPEST) {
      throw new InvalidModelError(
        `the function ${body.name} calls itself`,
        'Export the model again.',
      );
    }
    return bodyOf(node, body, at).flatMap((inner, i) => expand(inner, `${at}.${i}`, depth + 1));
  };
  return nodes.flatMap((node, i) => expand(node, node.name || `${node.opType}.${i}`, 0));
}

/** The function's nodes with the call's values and attributes in place of its parameters. */
function bodyOf(call: NodeProto, body: FunctionProto, at: string): NodeProto[] {
  const names = new Map<string, string>();
  body.input.forEach((name, i) => names.set(name, call.input[i] ?? ''));
  body.output.forEach((name, i) => {
    if (call.output[i]) names.set(name, call.output[i]);
  });
  const rename = (name: string) => (name === '' ? '' : (names.get(name) ?? `${at}/${name}`));
  const given = new Map(
    [...body.attributeProto, ...call.attribute].map((attribute) => [attribute.name, attribute]),
  );
  return body.node.map((node, i) => {
    const inner = clone(NodeProtoSchema, node);
    inner.name = `${at}/${node.name || i}`;
    inner.input = node.input.map(rename);
    inner.output = node.output.map(rename);
    inner.attribute = node.attribute.flatMap((attribute) => bound(attribute, given));
    return inner;
  });
}

/** An attribute that refers to one of the call's; left out where the call leaves it out. */
function bound(
  attribute: AttributeProto,
  given: ReadonlyMap<string, AttributeProto>,
): AttributeProto[] {
  if (attribute.refAttrName === '') return [attribute];
  const value = given.get(attribute.refAttrName);
  if (!value) return [];
  return [{ ...clone(AttributeProtoSchema, value), name: attribute.name }];
}
