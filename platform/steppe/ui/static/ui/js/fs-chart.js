// <fs-chart data-from="id of a table" data-library="…" data-label="…" data-across>: draws what the table says, nothing else.
//
// Each row with a <th> is a place on the axis; each cell with data-series is a number (data-value, fen) of that series,
// data-kind "line" for a line, else a bar; bars are stacked. An empty data-value is a gap. What is not money says so:
// data-per is what a value is divided by (100), data-digits how many decimals it has (2), data-unit what follows it,
// data-whole that there are no parts of it. The table stays: for readers without eyes, without scripts,
// and one click away for everybody. Colours are told apart also without colours: every series has a pattern of its own.

import { define } from "./lib/dom.js";

const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442"]; // Okabe and Ito
const FEN = 100;
const CENTS = 2;
const A4 = 680; // pixels between the margins of a card on paper
let library = null;

function load(address) {
  if (!library) {
    library = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => resolve(window.Charts);
      script.onerror = reject;
      document.head.appendChild(script);
    });
  }
  return library;
}

function read(table, per) {
  const rows = Array.from(table.querySelectorAll("tbody tr")).filter((row) => row.querySelector("[data-series]"));
  const names = rows.map((row) => row.querySelector("th").textContent.trim());
  const series = new Map();
  rows.forEach((row, place) => {
    row.querySelectorAll("[data-series]").forEach((cell) => {
      const name = cell.dataset.series;
      if (!series.has(name)) series.set(name, { name, kind: cell.dataset.kind || "bar", data: rows.map(() => 0) });
      series.get(name).data[place] = cell.dataset.value === "" ? null : Number(cell.dataset.value) / per;
    });
  });
  return { names, series: Array.from(series.values()) };
}

// Paper is white, also for who looks on in the dark: colours of an element that is light by itself.
function paper() {
  const sheet = document.getElementById("paper") || document.createElement("span");
  sheet.id = "paper";
  sheet.hidden = true;
  sheet.setAttribute("data-theme", "light");
  document.body.appendChild(sheet);
  return sheet;
}

class FsChart extends HTMLElement {
  connectedCallback() {
    this.table = document.getElementById(this.dataset.from);
    if (!this.table || !this.table.querySelector("[data-series]")) return;
    this.again = () => this.draw(false);
    this.fit = () => this.chart && this.chart.resize();
    load(this.dataset.library).then(this.again, () => this.remove());
    window.addEventListener("resize", this.fit);
    this.print = () => this.draw(true);
    window.addEventListener("beforeprint", this.print);
    window.addEventListener("afterprint", this.again);
    this.watch = new MutationObserver(this.again);
    this.watch.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-text"] });
  }

  disconnectedCallback() {
    window.removeEventListener("resize", this.fit);
    window.removeEventListener("beforeprint", this.print);
    window.removeEventListener("afterprint", this.again);
    if (this.watch) this.watch.disconnect();
    if (this.chart) this.chart.dispose();
  }

  draw(onPaper) {
    if (!this.isConnected || !window.Charts) return;
    if (this.chart) this.chart.dispose();
    const found = read(this.table, Number(this.dataset.per || FEN));
    const across = this.hasAttribute("data-across");
    if (across) this.style.height = Math.max(180, 34 * found.names.length + 90) + "px";
    this.chart = window.Charts.init(this, null, onPaper ? { width: Math.min(this.clientWidth, A4) } : {});
    this.chart.setOption(this.option(found, across, onPaper ? paper() : document.documentElement));
    this.setAttribute("role", "img");
    this.setAttribute("aria-label", this.dataset.label || "");
  }

  option(found, across, coloured) {
    const style = getComputedStyle(coloured);
    const colour = (name) => style.getPropertyValue(name).trim();
    const words = { color: colour("--t2"), fontFamily: style.getPropertyValue("--font") };
    const places = { type: "category", data: found.names, inverse: across, axisLabel: words, axisTick: { show: false } };
    const few = Object.assign({ hideOverlap: true }, words); // on a phone the numbers would run into each other
    const percent = this.dataset.unit === "%";
    const parts = across && this.clientWidth < 560 ? (percent ? 2 : 3) : 5;
    const money = { type: "value", splitNumber: parts, axisLabel: few, splitLine: { lineStyle: { color: colour("--line") } } };
    if (this.hasAttribute("data-whole")) money.minInterval = 1;
    if (percent) money.max = (range) => (range.max > 50 && range.max <= 100 ? 100 : null); // no axis to 120 per cent
    const digits = { minimumFractionDigits: Number(this.dataset.digits || CENTS), maximumFractionDigits: CENTS };
    const unit = this.dataset.unit ? ` ${this.dataset.unit}` : "";
    return {
      animation: false,
      color: COLOURS,
      textStyle: words,
      aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
      tooltip: {
        trigger: "axis",
        renderMode: "richText", // HTML would bring styles that the page's policy refuses
        valueFormatter: (value) => (value === null || value === undefined ? "—" : Number(value).toLocaleString(undefined, digits) + unit),
        axisPointer: { type: "shadow" },
        confine: true,
      },
      legend: { type: "plain", top: 0, left: 0, textStyle: words, itemGap: 14 },
      grid: { left: 8, right: 20, top: this.clientWidth < 560 ? 76 : 52, bottom: 8, containLabel: true },
      xAxis: across ? money : places,
      yAxis: across ? places : money,
      series: found.series.map((one) => ({
        name: one.name,
        type: one.kind === "line" ? "line" : "bar",
        stack: one.kind === "line" ? undefined : "all",
        barMaxWidth: 34,
        symbolSize: 8,
        lineStyle: { width: across ? 0 : 3 }, // places across have no order: points, and no way between them
        data: one.data,
      })),
    };
  }
}

define("fs-chart", FsChart);
