/**
 * Reads the weights of a TensorFlow.js graph model. Quantised weights are one byte a value and stay so: value = byte * scale + min.
 */

const BERT = "StatefulPartitionedCall/model/tf_bert_model/bert/";

/** Looks weights up by name; names are relative to the BERT model where they lie inside it. */
export class TfjsWeights {
  #weights = new Map();

  constructor(modelJson, shard) {
    let offset = 0;
    for (const { name, shape, dtype, quantization } of modelJson.weightsManifest[0].weights) {
      const size = shape.reduce((product, length) => product * length, 1);
      const length = size * (quantization === undefined ? 4 : 1);
      const bytes = shard.subarray(offset, offset + length);
      this.#weights.set(name.replace(BERT, ""), { name, shape, dtype, quantization, bytes });
      offset += length;
    }
    if (offset !== shard.length) throw new Error(`The weights take ${String(offset)} bytes, the file has ${String(shard.length)}.`);
  }

  /** A table or matrix as stored: { shape, bytes, scale, min }. */
  quantised(name) {
    const { shape, bytes, quantization } = this.#get(name);
    return { shape, bytes, scale: quantization.scale, min: quantization.min };
  }

  /** A vector as 32-bit floats. */
  vector(name) {
    const { scale, min, bytes } = this.quantised(name);
    return Array.from(bytes, (byte) => byte * scale + min);
  }

  #get(name) {
    const weight = this.#weights.get(name);
    if (weight?.quantization === undefined) throw new Error(`The model has no 8-bit weight named ${name}.`);
    return weight;
  }
}
