import type { ModelChoice } from "#core/ports";

/** Files, relative to a model's folder, without which it cannot be loaded: the layout of the models that @xenova/transformers reads. */
export function modelFiles(precision: ModelChoice["precision"]): readonly string[] {
  return ["config.json", "tokenizer.json", "tokenizer_config.json", onnxFile(precision)];
}

/** Read where they are there: sentence-transformers' pooling and length limit. */
export const OPTIONAL_MODEL_FILES: readonly string[] = ["1_Pooling/config.json", "sentence_bert_config.json"];

export function onnxFile(precision: ModelChoice["precision"]): string {
  return precision === "fp32" ? "onnx/model.onnx" : "onnx/model_quantized.onnx";
}
