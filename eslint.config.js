import svelte from "eslint-plugin-svelte";
import tseslint from "typescript-eslint";

/** Size limits are the hard ones of the house style; most files and functions stay far below. */
const house = {
  "max-lines": ["error", { max: 500, skipBlankLines: true, skipComments: true }],
  "max-lines-per-function": ["error", { max: 80, skipBlankLines: true, skipComments: true }],
  "max-params": ["error", 5],
  eqeqeq: "error",
  "no-console": "error",
  "no-restricted-syntax": [
    "error",
    { selector: "ExportDefaultDeclaration", message: "Name every export." },
    { selector: "ExportAllDeclaration", message: "No barrels: import from where it is written." },
  ],
};

const typed = {
  "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "separate-type-imports" }],
  "@typescript-eslint/no-explicit-any": "error",
  // `const { left, out, ...rest }` is how a field is left out.
  "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true, varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
  "@typescript-eslint/no-floating-promises": "error",
  "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
  "@typescript-eslint/explicit-module-boundary-types": "error",
  "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
  "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
  // Optional parameters and their absence are told apart by exactOptionalPropertyTypes already.
  "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: "only-allowed-literals" }],
};

const parserOptions = { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: [".svelte"] };

export default tseslint.config(
  { ignores: ["dist/", ".cache/", "coverage/", "extension/sample/", "**/*.d.mts"] },
  {
    files: ["{extension,server,webview,test}/**/*.ts"],
    ignores: ["**/*.config.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions },
    rules: { ...house, ...typed },
  },
  {
    files: ["webview/**/*.svelte", "webview/**/*.svelte.ts"],
    extends: [tseslint.configs.strict, svelte.configs["flat/recommended"]],
    languageOptions: { parserOptions: { ...parserOptions, parser: tseslint.parser } },
    rules: { ...house, "max-lines-per-function": "off", "svelte/no-at-html-tags": "error", "svelte/no-inline-styles": "error" },
  },
  {
    // Tests state what is there; a wrong assumption is a failed test.
    files: ["test/**/*.ts"],
    rules: {
      "max-lines-per-function": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/explicit-module-boundary-types": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
    },
  },
  { files: ["server/cli.ts", "server/cli/**/*.ts", "test/{bench,curation,quality}/**/*.ts"], rules: { "no-console": "off" } },
  {
    files: ["scripts/**/*.mjs", "*.config.{js,mts}", "webview/*.config.ts"],
    extends: [tseslint.configs.strict],
    rules: {
      ...house,
      "no-console": "off",
      "no-restricted-syntax": "off",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
    },
  },
);
