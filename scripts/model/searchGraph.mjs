/**
 * Exact search as an ONNX graph: scores = queries x documents^T + bias, then the k highest of each row. The bias takes rows without a
 * vector out of the list. Equal scores come in ascending row order (ONNX's definition of TopK).
 */
import { FLOAT, INT32, INT64, OnnxGraph } from "./onnxGraph.mjs";

export function searchModel() {
  const graph = new OnnxGraph();
  graph.input("queries", FLOAT, ["q", "d"]);
  graph.input("documents", FLOAT, ["n", "d"]);
  graph.input("bias", FLOAT, ["n"]);
  graph.input("k", INT64, [1]);
  const scores = graph.add("Gemm", ["queries", "documents", "bias"], { transB: 1 });
  graph.addMany("TopK", [scores, "k"], { axis: -1, largest: 1, sorted: 1 }, ["scores", "places"]);
  graph.add("Cast", ["places"], { to: INT32 }, "rows");
  graph.output("scores", FLOAT, ["q", "k"]);
  graph.output("rows", INT32, ["q", "k"]);
  return graph.toBytes({ name: "search", irVersion: 7, opset: 13 });
}
