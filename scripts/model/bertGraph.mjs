/**
 * all-MiniLM-L6-v2 as an ONNX graph: BERT with 6 layers, exact GELU, mean pooling over the attention mask and L2 normalisation.
 * Outputs: `last_hidden_state` [batch, tokens, 384], which transformers.js reads, and `sentence_embedding` [batch, 384].
 */
import { FLOAT, INT64, OnnxGraph, UINT8 } from "./onnxGraph.mjs";

const LAYERS = 6;
const HEADS = 12;
const HEAD_SIZE = 32;
const HIDDEN = HEADS * HEAD_SIZE;
const EPSILON = { float: 1e-12 };

/**
 * The model's file bytes. "fp32" turns the 8-bit weights into floats when the file is loaded and calculates in floats; "int8" multiplies
 * 8-bit matrices, quantising each activation over the whole batch.
 */
export function bertModel(weights, precision) {
  const graph = new OnnxGraph();
  const ids = graph.input("input_ids", INT64, ["batch", "tokens"]);
  const mask = graph.input("attention_mask", INT64, ["batch", "tokens"]);
  const types = graph.input("token_type_ids", INT64, ["batch", "tokens"]);
  const dense = precision === "fp32" ? floatDense : integerDense;
  const network = { graph, weights, dense };

  addConstants(graph);
  const floatMask = graph.add("Cast", [mask], { to: FLOAT });
  const attentionBias = addAttentionBias(graph, floatMask);
  let hidden = addEmbeddings(network, ids, types);
  for (let layer = 0; layer < LAYERS; layer++) hidden = addLayer(network, layer, hidden, attentionBias);
  graph.add("Identity", [hidden], {}, "last_hidden_state");
  addPooling(graph, hidden, floatMask);

  graph.output("last_hidden_state", FLOAT, ["batch", "tokens", HIDDEN]);
  graph.output("sentence_embedding", FLOAT, ["batch", HIDDEN]);
  return graph.toBytes({ name: "all-MiniLM-L6-v2", irVersion: 8, opset: 17 });
}

function addConstants(graph) {
  graph.floats("one", [], [1]);
  graph.floats("half", [], [0.5]);
  graph.floats("root_of_two", [], [Math.SQRT2]);
  graph.floats("attention_scale", [], [1 / Math.sqrt(HEAD_SIZE)]);
  graph.floats("masked", [], [-10000]);
  graph.floats("least_mask", [], [1e-9]);
  graph.floats("least_norm", [], [1e-12]);
  graph.integers("axis_0", [0]);
  graph.integers("axis_1", [1]);
  graph.integers("axis_last", [-1]);
  graph.integers("axes_1_2", [1, 2]);
  graph.integers("heads_shape", [0, 0, HEADS, HEAD_SIZE]);
  graph.integers("hidden_shape", [0, 0, HIDDEN]);
}

/** 0 for tokens and -10000 for padding, in the shape of the attention scores. exp(-10000) is 0 in 32-bit floats. */
function addAttentionBias(graph, floatMask) {
  const padding = graph.add("Sub", ["one", floatMask]);
  return graph.add("Unsqueeze", [graph.add("Mul", [padding, "masked"]), "axes_1_2"]);
}

/** Rows are taken from the 8-bit tables before they become floats, so that the tables stay small in memory. */
function addEmbeddings({ graph, weights }, ids, types) {
  const [words, positions, segments] = ["unknown", "unknown_0", "unknown_1"].map((name) => addTable(graph, name, weights.quantised(name)));
  const length = graph.add("Gather", [graph.add("Shape", [ids]), "axis_1"]);
  const word = words.toFloat(graph.add("Gather", [words.name, ids]));
  const position = positions.toFloat(graph.add("Slice", [positions.name, "axis_0", length, "axis_0"]));
  const segment = segments.toFloat(graph.add("Gather", [segments.name, types]));
  const sum = graph.add("Add", [graph.add("Add", [word, segment]), position]);
  return addNorm({ graph, weights }, "embeddings/LayerNorm", sum);
}

function addTable(graph, name, { shape, bytes, scale, min }) {
  graph.constant(name, UINT8, shape, bytes);
  graph.floats(`${name}.scale`, [], [scale]);
  graph.floats(`${name}.min`, [], [min]);
  const toFloat = (bytesName) => {
    const float = graph.add("Cast", [bytesName], { to: FLOAT });
    return graph.add("Add", [graph.add("Mul", [float, `${name}.scale`]), `${name}.min`]);
  };
  return { name, toFloat };
}

function addLayer(network, layer, hidden, attentionBias) {
  const { graph, dense } = network;
  const path = `encoder/layer_._${String(layer)}`;
  const context = addAttention(network, `${path}/attention/self`, hidden, attentionBias);
  const attended = dense(network, `${path}/attention/output/dense`, context);
  const normed = addNorm(network, `${path}/attention/output/LayerNorm`, graph.add("Add", [attended, hidden]));
  const wide = addGelu(graph, dense(network, `${path}/intermediate/dense`, normed));
  const narrow = dense(network, `${path}/output/dense`, wide);
  return addNorm(network, `${path}/output/LayerNorm`, graph.add("Add", [narrow, normed]));
}

function addAttention(network, path, hidden, attentionBias) {
  const { graph, dense } = network;
  const split = (part, order) => {
    const heads = graph.add("Reshape", [dense(network, `${path}/${part}`, hidden), "heads_shape"]);
    return graph.add("Transpose", [heads], { perm: order });
  };
  const query = split("query", [0, 2, 1, 3]);
  const key = split("key", [0, 2, 3, 1]);
  const value = split("value", [0, 2, 1, 3]);
  const scores = graph.add("Mul", [graph.add("MatMul", [query, key]), "attention_scale"]);
  const shares = graph.add("Softmax", [graph.add("Add", [scores, attentionBias])], { axis: -1 });
  const context = graph.add("Transpose", [graph.add("MatMul", [shares, value])], { perm: [0, 2, 1, 3] });
  return graph.add("Reshape", [context, "hidden_shape"]);
}

/** x/2 * (1 + erf(x / sqrt 2)), Hendrycks and Gimpel 2016, in the form that ONNX Runtime fuses into one operator. */
function addGelu(graph, x) {
  const erf = graph.add("Erf", [graph.add("Div", [x, "root_of_two"])]);
  return graph.add("Mul", [graph.add("Mul", [x, graph.add("Add", [erf, "one"])]), "half"]);
}

function addNorm({ graph, weights }, path, x) {
  // TensorFlow folds the norm into batchnorm/mul (its scale) and batchnorm (its offset).
  const scale = graph.floats(`${path}.scale`, [HIDDEN], weights.vector(`${path}/batchnorm/mul/ReadVariableOp`));
  const offset = graph.floats(`${path}.offset`, [HIDDEN], weights.vector(`${path}/batchnorm/ReadVariableOp`));
  return graph.add("LayerNormalization", [x, scale, offset], { axis: -1, epsilon: EPSILON });
}

/** ONNX Runtime folds Cast, Mul and Add once, when it loads the file. */
function floatDense({ graph, weights }, path, x) {
  const table = addTable(graph, `${path}.weight`, weights.quantised(`${path}/Tensordot/ReadVariableOp`));
  return addBias({ graph, weights }, path, graph.add("MatMul", [x, table.toFloat(table.name)]));
}

/** The zero point of the stored bytes, -min / scale, is a whole number for every matrix of this model. */
function integerDense({ graph, weights }, path, x) {
  const { shape, bytes, scale, min } = weights.quantised(`${path}/Tensordot/ReadVariableOp`);
  const zeroPoint = Math.round(-min / scale);
  if (Math.abs(zeroPoint + min / scale) > 1e-3) throw new Error(`The zero point of ${path} is not a whole number.`);
  const weight = graph.constant(`${path}.weight`, UINT8, shape, bytes);
  const weightZero = graph.constant(`${path}.zero`, UINT8, [], Buffer.from([zeroPoint]));
  const weightScale = graph.floats(`${path}.scale`, [], [scale]);
  const [quantised, inputScale, inputZero] = graph.addMany("DynamicQuantizeLinear", [x], {}, [
    `${path}.x`,
    `${path}.x_scale`,
    `${path}.x_zero`,
  ]);
  const product = graph.add("MatMulInteger", [quantised, weight, inputZero, weightZero], {}, `${path}.product`);
  const float = graph.add("Cast", [product], { to: FLOAT });
  return addBias({ graph, weights }, path, graph.add("Mul", [float, graph.add("Mul", [inputScale, weightScale])]));
}

function addBias({ graph, weights }, path, x) {
  const bias = weights.vector(`${path}/BiasAdd/ReadVariableOp`);
  return graph.add("Add", [x, graph.floats(`${path}.bias`, [bias.length], bias)]);
}

function addPooling(graph, hidden, floatMask) {
  const weight = graph.add("Unsqueeze", [floatMask, "axis_last"]);
  const sum = graph.add("ReduceSum", [graph.add("Mul", [hidden, weight]), "axis_1"], { keepdims: 0 });
  const count = graph.add("Max", [graph.add("ReduceSum", [floatMask, "axis_1"], { keepdims: 1 }), "least_mask"]);
  const mean = graph.add("Div", [sum, count]);
  const norm = graph.add("Max", [graph.add("ReduceL2", [mean], { axes: [-1], keepdims: 1 }), "least_norm"]);
  graph.add("Div", [mean, norm], {}, "sentence_embedding");
}
