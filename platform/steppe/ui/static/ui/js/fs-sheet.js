// <fs-sheet>: around a table of inputs. Arrows and Enter go from cell to cell as in a spreadsheet, and a block copied
// from one is pasted over as many cells as it has.

import { define } from "./lib/dom.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] };

class FsSheet extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => this.onKey(event));
    this.addEventListener("paste", (event) => this.onPaste(event));
    this.addEventListener("focusin", (event) => event.target.matches("input") && event.target.select());
  }

  get rows() {
    const rows = Array.from(this.querySelectorAll("tbody tr")).map((row) => Array.from(row.querySelectorAll("input:not([type=hidden])")));
    return rows.filter((row) => row.length);
  }

  placeOf(input) {
    const rows = this.rows;
    const row = rows.findIndex((cells) => cells.includes(input));
    return [rows, row, row < 0 ? -1 : rows[row].indexOf(input)];
  }

  onKey(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !event.target.matches("tbody input")) return;
    const step = STEPS[event.key] || this.sideways(event);
    if (!step) return;
    const [rows, row, column] = this.placeOf(event.target);
    const next = rows[row + step[0]] && rows[row + step[0]][column + step[1]];
    if (event.key === "Enter" || next) event.preventDefault(); // Enter never sends the whole form by accident
    if (next) next.focus();
  }

  /** Left and right leave a cell only from its edge, so that a number can be mended. */
  sideways(event) {
    const input = event.target;
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    if (event.key === "ArrowLeft" && (whole || input.selectionEnd === 0)) return [0, -1];
    if (event.key === "ArrowRight" && (whole || input.selectionStart === input.value.length)) return [0, 1];
    return null;
  }

  onPaste(event) {
    const text = event.clipboardData ? event.clipboardData.getData("text") : "";
    if (!/[\t\n]/.test(text.trim()) || !event.target.matches("tbody input")) return;
    event.preventDefault();
    const [rows, row, column] = this.placeOf(event.target);
    text.replace(/\r?\n$/, "").split(/\r?\n/).forEach((line, down) => {
      line.split("\t").forEach((cell, right) => {
        const input = rows[row + down] && rows[row + down][column + right];
        if (input) input.value = cell.trim().replace(/[,，¥￥\s]/g, "");
      });
    });
  }
}

define("fs-sheet", FsSheet);
