// Page assets from node_modules to build/static/vendor/: scripts lowered to ES2017 (Chrome 60, iOS 11), the rest copied.
// `--check-own` instead reads our own scripts and refuses syntax that such a browser cannot parse: nothing lowers them.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(HERE);
const TARGET = "es2017";
const VENDOR = join(ROOT, "build", "static", "vendor");
const ROOMS = ["platform", "tenants", "apps", "realtime"];

const SCRIPTS = { "htmx/htmx.min.js": "htmx.org/dist/htmx.js", "leaflet/leaflet.js": "leaflet/dist/leaflet-src.js" };
// Only what our charts use; words and shapes for who sees no colours come with AriaComponent.
const CHARTS = `
  import { init, use } from "echarts/core";
  import { BarChart, LineChart } from "echarts/charts";
  import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
  import { CanvasRenderer } from "echarts/renderers";
  use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);
  export { init };
`;
// Put together from several modules; a page fetches it when it needs it, and finds it under `name`.
const BUNDLES = {
  "zxing/reader.js": { name: "ZXing", source: 'export { BrowserMultiFormatReader } from "@zxing/browser";' },
  "echarts/charts.js": { name: "Charts", source: CHARTS },
};
const COPIES = {
  "echarts/LICENSE": "echarts/LICENSE",
  "echarts/NOTICE": "echarts/NOTICE",
  "htmx/LICENSE": "htmx.org/LICENSE",
  "leaflet/LICENSE": "leaflet/LICENSE",
  "leaflet/images": "leaflet/dist/images",
  "leaflet/leaflet.css": "leaflet/dist/leaflet.css",
  "weui/LICENSE": "weui/LICENSE.txt",
  "zxing/LICENSE": "@zxing/library/LICENSE",
  "weui/weui.min.css": "weui/dist/style/weui.min.css",
};
const installed = (path) => join(HERE, "node_modules", path);

async function lower(folder) {
  for (const [target, source] of Object.entries(SCRIPTS)) {
    // Without the source map's address: the hashing static storage would look for a file that is not served.
    const options = { target: TARGET, minify: true, legalComments: "inline", sourcemap: false, logLevel: "warning" };
    await build({ entryPoints: [installed(source)], outfile: join(folder, target), ...options });
  }
}

async function bundle(folder) {
  for (const [target, { name, source }] of Object.entries(BUNDLES)) {
    const options = { bundle: true, format: "iife", globalName: name, target: TARGET, minify: true, legalComments: "inline" };
    const stdin = { contents: source, resolveDir: HERE };
    await build({ stdin, outfile: join(folder, target), ...options, sourcemap: false, logLevel: "warning" });
  }
}

async function copy(folder) {
  for (const [target, source] of Object.entries(COPIES)) {
    await mkdir(dirname(join(folder, target)), { recursive: true });
    await cp(installed(source), join(folder, target), { recursive: true });
  }
}

// A drawing inside a data address that points into itself, url(#x), looks to the hashing static storage like a file.
async function tidyWeui(path) {
  const css = await readFile(path, "utf8");
  await writeFile(path, css.replace(/url\(%23([\w-]+)\)/g, "url%28%23$1%29"));
}

async function files(folder, wanted = () => true) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return paths.filter(wanted).sort();
}

async function fingerprints(folder) {
  const found = {};
  for (const path of await files(folder)) {
    const hash = createHash("sha384").update(await readFile(path)).digest("base64");
    found[relative(folder, path)] = `sha384-${hash}`;
  }
  return found;
}

async function versions() {
  const { dependencies } = JSON.parse(await readFile(join(HERE, "package.json"), "utf8"));
  return dependencies;
}

// Built beside its place and moved at the end: a broken-off run leaves no half folder.
async function makeVendor() {
  const fresh = `${VENDOR}.new`;
  await rm(fresh, { recursive: true, force: true });
  await lower(fresh);
  await bundle(fresh);
  await copy(fresh);
  await tidyWeui(join(fresh, "weui", "weui.min.css"));
  const manifest = { made_from: process.env.STEPPE_ASSETS_LOCK ?? "", versions: await versions(), files: await fingerprints(fresh) };
  await writeFile(join(fresh, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
  await rm(VENDOR, { recursive: true, force: true });
  await rename(fresh, VENDOR);
  console.log(`${Object.keys(manifest.files).length} files`);
}

// Lowering a script that needs none changes nothing, so a difference is syntax from after ES2017.
async function tooNew(path) {
  const code = await readFile(path, "utf8");
  const [lowered, kept] = await Promise.all([TARGET, "esnext"].map((target) => transform(code, { target })));
  return lowered.code !== kept.code;
}

async function checkOwn() {
  const own = [];
  for (const room of ROOMS) own.push(...(await files(join(ROOT, room), (path) => /\/static\/.*\.m?js$/.test(path))));
  const refused = [];
  for (const path of own) if (await tooNew(path)) refused.push(relative(ROOT, path));
  for (const path of refused) console.error(`${path}: syntax newer than ES2017, which old phones cannot read`);
  console.log(`${own.length} scripts of ours read as ES2017, ${refused.length} refused`);
  process.exitCode = refused.length ? 1 : 0;
}

await (process.argv.includes("--check-own") ? checkOwn() : makeVendor());
