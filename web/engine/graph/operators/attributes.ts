/** Which attributes of an operator are honoured, and which of their values. */
import { UnsupportedOperatorError } from '../../errors.ts';
import type { Attribute, Attributes } from '../graph.ts';

/**
 * `all`: whatever the specification allows. `no effect`: the attribute says nothing about inference. A list: these
 * values, or lists of these values.
 */
export type Honoured = 'all' | 'no effect' | readonly (string | number)[];

/** By attribute. What is not listed is refused, so that no attribute is ever passed over. */
export type AttributeTable = Readonly<Record<string, Honoured>>;

/** Throws UnsupportedOperatorError naming the first attribute, or value, that is not honoured. */
export function checkAttributes(
  op: string,
  node: string,
  table: AttributeTable,
  attributes: Attributes,
): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    const honoured = table[name];
    if (honoured === 'all' || honoured === 'no effect') continue;
    if (honoured && valuesOf(attribute).every((value) => honoured.includes(value))) continue;
    const shown = valuesOf(attribute).join(', ');
    throw new UnsupportedOperatorError(
      `${op} (node "${node}") with ${name} = ${shown} is not supported`,
      honoured
        ? `${name} may be: ${honoured.join(', ')}.`
        : 'Export the network without it; docs/OPERATORS.md lists what is supported.',
    );
  }
}

function valuesOf(attribute: Attribute): readonly (string | number)[] {
  switch (attribute.kind) {
    case 'ints':
    case 'floats':
      return attribute.value;
    case 'tensor':
      return ['a tensor'];
    default:
      return [attribute.value];
  }
}
