export declare const FLOAT: number;
export declare const UINT8: number;
export declare const INT32: number;
export declare const INT64: number;

/** A graph under construction; see onnxGraph.mjs. */
export declare class OnnxGraph {
  input(name: string, type: number, dimensions: readonly (number | string)[]): string;
  output(name: string, type: number, dimensions: readonly (number | string)[]): void;
  floats(name: string, dimensions: readonly number[], values: readonly number[]): string;
  integers(name: string, values: readonly number[]): string;
  add(operator: string, inputs: readonly string[], attributes?: Readonly<Record<string, unknown>>, output?: string): string;
  toBytes(options: { readonly name: string; readonly irVersion: number; readonly opset: number }): Buffer;
}
