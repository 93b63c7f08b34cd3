// Runs a Python file in the very Python that the pages get: node node.mjs PYODIDE WORK SCRIPT [LOCK PACKAGE…]

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, work, script, lock, ...packages] = process.argv.slice(2);

async function run() {
  const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
  const own = lock ? { lockFileURL: lock, packageBaseUrl: lock.slice(0, lock.lastIndexOf("/") + 1) } : {};
  const python = await loadPyodide({ indexURL: `${folder}/`, ...own });
  if (packages.length) await python.loadPackage(packages, { messageCallback() {} });
  python.mountNodeFS("/build", work);
  python.runPython(readFileSync(script, "utf8"));
}

run().catch((error) => {  // the last line says it; what stands above is the whole of Pyodide
  console.error(String(error.message ?? error).trim().slice(-2000));
  process.exit(1);
});
