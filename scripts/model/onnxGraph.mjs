/**
 * Writes ONNX models. Field numbers are those of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
 */
import { delimited, float, integer } from "./protobuf.mjs";

export const FLOAT = 1;
export const UINT8 = 2;
export const INT32 = 6;
export const INT64 = 7;

const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

/** A graph under construction. Operators are added in the order in which they run and give back the name of their output. */
export class OnnxGraph {
  #nodes = [];
  #initializers = [];
  #inputs = [];
  #outputs = [];
  #count = 0;

  /** Dimensions are numbers, or names for those known only at run time. */
  input(name, type, dimensions) {
    this.#inputs.push(valueInfo(name, type, dimensions));
    return name;
  }

  output(name, type, dimensions) {
    this.#outputs.push(valueInfo(name, type, dimensions));
  }

  /** A constant tensor, from its raw little-endian bytes. */
  constant(name, type, dimensions, bytes) {
    this.#initializers.push([...dimensions.map((size) => integer(1, size)), integer(2, type), delimited(8, name), delimited(9, bytes)]);
    return name;
  }

  floats(name, dimensions, values) {
    const bytes = Buffer.alloc(values.length * 4);
    values.forEach((value, i) => bytes.writeFloatLE(value, i * 4));
    return this.constant(name, FLOAT, dimensions, bytes);
  }

  integers(name, values) {
    const bytes = Buffer.alloc(values.length * 8);
    values.forEach((value, i) => bytes.writeBigInt64LE(BigInt(value), i * 8));
    return this.constant(name, INT64, [values.length], bytes);
  }

  /** Adds an operator with one output. `attributes` maps names to a whole number, { float }, or a list of whole numbers. */
  add(operator, inputs, attributes = {}, output = undefined) {
    return this.addMany(operator, inputs, attributes, [output ?? `${operator}_${String(this.#count++)}`])[0];
  }

  /** Adds an operator with several outputs. */
  addMany(operator, inputs, attributes, outputs) {
    this.#nodes.push([
      ...inputs.map((name) => delimited(1, name)),
      ...outputs.map((name) => delimited(2, name)),
      delimited(4, operator),
      ...Object.entries(attributes).map(([name, value]) => delimited(5, attribute(name, value))),
    ]);
    return outputs;
  }

  /** The whole model as file bytes. */
  toBytes({ name, irVersion, opset }) {
    const graph = [
      ...this.#nodes.map((node) => delimited(1, node)),
      delimited(2, name),
      ...this.#initializers.map((tensor) => delimited(5, tensor)),
      ...this.#inputs.map((value) => delimited(11, value)),
      ...this.#outputs.map((value) => delimited(12, value)),
    ];
    return Buffer.concat([integer(1, irVersion), delimited(2, "nearmiss"), delimited(7, graph), delimited(8, [integer(2, opset)])]);
  }
}

function attribute(name, value) {
  if (Array.isArray(value)) return [delimited(1, name), ...value.map((item) => integer(8, item)), integer(20, ATTRIBUTE_INTS)];
  if (typeof value === "object") return [delimited(1, name), float(2, value.float), integer(20, ATTRIBUTE_FLOAT)];
  return [delimited(1, name), integer(3, value), integer(20, ATTRIBUTE_INT)];
}

function valueInfo(name, type, dimensions) {
  const shape = dimensions.map((size) => delimited(1, [typeof size === "number" ? integer(1, size) : delimited(2, size)]));
  return [delimited(1, name), delimited(2, [delimited(1, [integer(1, type), delimited(2, shape)])])];
}
