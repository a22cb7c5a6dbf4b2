// <fs-wx-scan>: WeChat's scanner beside a field for a serial number. Hidden until WeChat answers; typing is the equal way.
// The page's <fs-wx> knows whether WeChat answers; the input to fill in stands beside it.

import { define } from "../../ui/js/lib/dom.js";

class FsWxScan extends HTMLElement {
  connectedCallback() {
    const wx = document.querySelector("fs-wx");
    this.input = this.parentNode.querySelector("input:not([type=hidden])");
    if (!wx || !this.input) return;
    this.addEventListener("click", () => this.scan());
    customElements.whenDefined("fs-wx").then(() => wx.ready).then((ok) => (this.hidden = !ok));
  }

  scan() {
    window.wx.scanQRCode({
      needResult: 1,
      scanType: ["qrCode", "barCode"],
      success: (got) => this.fillIn(got.resultStr || ""),
    });
  }

  /** A bar code comes as "CODE_128,SN12345": its kind is not part of the number. */
  fillIn(text) {
    this.input.value = text.replace(/^[A-Z0-9_]+,/, "").trim().slice(0, this.input.maxLength > 0 ? this.input.maxLength : 40);
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.focus();
  }
}

define("fs-wx-scan", FsWxScan);
