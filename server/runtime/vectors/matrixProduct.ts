import type { InferenceSession } from "onnxruntime-node";
import { GROUP_SIZE } from "./groups";
import { ort } from "./nativeModules";

/** The vectors that stand for the columns of a product. */
export interface Columns {
  /** Vectors one after the other, a multiple of `GROUP_SIZE` of them. */
  readonly vectors: Float32Array;
  /** Added to each score of a column. */
  readonly bias: Float32Array;
}

/** Scores of each row vector with each column vector. Both arrays are overwritten by the next product. */
export interface Products {
  /** [rows, columns], each at most `productError` from the score that `dot` gives, apart from the bias. */
  readonly scores: Float32Array;
  /** [rows, columns / GROUP_SIZE]: the highest score of each group of neighbouring columns. */
  readonly maxima: Float32Array;
}

/**
 * Dot products of many vectors with many others on ONNX Runtime. Their last bits depend on the shapes and on the number of threads, so that
 * they only serve to narrow down what is then scored by `dot`.
 */
export class MatrixProduct {
  readonly #session: InferenceSession;
  #scores = new Float32Array(0);
  #maxima = new Float32Array(0);

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** `graphFile` is the search.onnx that scripts/model/searchGraph.mjs writes. */
  static async open(graphFile: string, threads: number): Promise<MatrixProduct> {
    return new MatrixProduct(await ort.InferenceSession.create(graphFile, { executionProviders: ["cpu"], intraOpNumThreads: threads }));
  }

  async multiply(rows: Float32Array, columns: Columns, dimensions: number): Promise<Products> {
    const height = rows.length / dimensions;
    const width = columns.bias.length;
    const groups = width / GROUP_SIZE;
    if (this.#scores.length < height * width) {
      this.#scores = new Float32Array(height * width);
      this.#maxima = new Float32Array(height * groups);
    }
    const products = { scores: this.#scores.subarray(0, height * width), maxima: this.#maxima.subarray(0, height * groups) };
    await this.#session.run(
      {
        rows: new ort.Tensor("float32", rows, [height, dimensions]),
        columns: new ort.Tensor("float32", columns.vectors, [width, dimensions]),
        bias: new ort.Tensor("float32", columns.bias, [width]),
      },
      {
        scores: new ort.Tensor("float32", products.scores, [height, width]),
        maxima: new ort.Tensor("float32", products.maxima, [height, groups]),
      },
    );
    return products;
  }
}
