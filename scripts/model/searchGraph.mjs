/**
 * Exact search as an ONNX graph: scores = rows x columns^T + bias, and the highest score of each 16 neighbouring columns, so that most of
 * the scores need not be looked at one by one. The bias takes columns without a vector out of the running.
 */
import { FLOAT, OnnxGraph } from "./onnxGraph.mjs";

/** The number of columns must be a multiple of this; server/runtime/vectors/groups.ts says the same. */
const GROUP_SIZE = 16;

export function searchModel() {
  const graph = new OnnxGraph();
  graph.input("rows", FLOAT, ["r", "d"]);
  graph.input("columns", FLOAT, ["c", "d"]);
  graph.input("bias", FLOAT, ["c"]);
  // In Reshape, 0 keeps a dimension and -1 is what is left.
  graph.integers("grouped", [0, -1, GROUP_SIZE]);
  graph.add("Gemm", ["rows", "columns", "bias"], { transB: 1 }, "scores");
  const groups = graph.add("Reshape", ["scores", "grouped"]);
  graph.add("ReduceMax", [groups], { axes: [2], keepdims: 0 }, "maxima");
  graph.output("scores", FLOAT, ["r", "c"]);
  graph.output("maxima", FLOAT, ["r", "g"]);
  return graph.toBytes({ name: "search", irVersion: 7, opset: 13 });
}
