/**
 * Stands in for `sharp` and `onnxruntime-web` in the bundle. @xenova/transformers imports both, checks that the first is there, and needs
 * neither for text.
 */
module.exports = function notBundled() {
  throw new Error("Image processing is not part of this bundle.");
};
