// What is packed: the compiler's output as a few files, without the packages that npm installs. See decision 0023.
export default {
  input: {
    "approval-server": "dist/scripts/approval-server.js",
    // src/server/look.ts starts it by its name, from the folder that it is in itself: all files of the bundle lie in one.
    "look-worker": "dist/src/server/look-worker.js",
  },
  platform: "node",
  external: /^[^./]/,
  output: {
    dir: "bundle",
    cleanDir: true,
    format: "esm",
    chunkFileNames: "[name].js",
    // What a stack names stays readable.
    minify: { compress: true, mangle: { keepNames: true }, codegen: { removeWhitespace: true } },
    comments: false,
  },
};
