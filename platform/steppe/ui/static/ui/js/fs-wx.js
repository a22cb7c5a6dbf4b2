// <fs-wx>: WeChat's JS-SDK where it is there, the browser where it is not. The place is asked for only when
// the person taps [data-wx-locate]; typing the address is always an equal way.

import { announce, define } from "./lib/dom.js";
import { askJson, withParam } from "./lib/http.js";
import { browserPlace, wechatPlace } from "./lib/place.js";

const LOAD_LIMIT = 6000;
const ONLY_INSIDE = /(^|\.)wx\.qq\.com$/; // Tencent's script never answers outside WeChat; the sandbox's does

class FsWx extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.onClick(event));
    this.wake();
  }

  /** `ready` is true when WeChat answers for this page; until then taps wait for it. */
  wake() {
    this.configured = undefined;
    this.ready = this.prepare().catch(() => false);
    this.ready.then((ok) => {
      this.configured = ok;
      if (ok) this.offerNotices();
      announce(this, ok ? "wx:ready" : "wx:absent", {});
    });
  }

  /** true when wx is configured for this page. */
  async prepare() {
    if (!this.dataset.sdk || !this.dataset.config || !this.isUseful()) return false;
    const here = encodeURIComponent(window.location.href.split("#")[0]);
    const [{ data }] = await Promise.all([askJson(withParam(this.dataset.config, "url", here)), this.load()]);
    if (!data.appId || !window.wx) return false;
    return this.configure(data);
  }

  isUseful() {
    const host = new URL(this.dataset.sdk, window.location.href).hostname;
    return !ONLY_INSIDE.test(host) || /MicroMessenger/i.test(navigator.userAgent);
  }

  load() {
    if (window.wx) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = this.dataset.sdk;
      script.onload = resolve;
      script.onerror = reject;
      setTimeout(reject, LOAD_LIMIT);
      document.head.appendChild(script);
    });
  }

  configure(data) {
    const apis = (this.dataset.apis || "getLocation,openLocation").split(",");
    return new Promise((resolve) => {
      window.wx.ready(() => resolve(true));
      window.wx.error(() => resolve(false));
      setTimeout(() => resolve(false), LOAD_LIMIT);
      window.wx.config({
        debug: false,
        appId: data.appId,
        timestamp: data.timestamp,
        nonceStr: data.nonceStr,
        signature: data.signature,
        jsApiList: data.jsApiList || apis,
        openTagList: ["wx-open-subscribe"],
      });
    });
  }

  /** “Notify me” shows only where WeChat answers. What it says here is for the eye: the server hears it from WeChat. */
  offerNotices() {
    const tag = this.querySelector("wx-open-subscribe");
    if (!tag || !this.hidden) return;
    this.hidden = false;
    tag.addEventListener("success", (event) => this.showAnswer(saidYes(event.detail.subscribeDetails)));
    tag.addEventListener("error", () => this.showAnswer(false));
  }

  showAnswer(yes) {
    this.querySelectorAll("[data-wx-ask], wx-open-subscribe").forEach((part) => (part.hidden = yes));
    this.querySelector("[data-wx-yes]").hidden = !yes;
    this.querySelector("[data-wx-no]").hidden = yes;
  }

  onClick(event) {
    if (event.target.closest("[data-wx-locate]")) this.locate();
    const door = event.target.closest("[data-wx-open]");
    if (door && this.configured !== false) {
      event.preventDefault();
      this.openDoor(door);
    }
  }

  async openDoor(door) {
    if (await this.ready) this.openPlace(door.dataset);
    else window.location.assign(door.href);
  }

  async locate() {
    this.setAttribute("data-state", "asking");
    if (this.configured === false && this.isUseful()) this.wake(); // the line was weak then: this tap tries again
    try {
      const place = (await this.ready) ? await wechatPlace().catch(orBrowser) : await browserPlace();
      this.setAttribute("data-state", "found");
      this.fillIn(place);
      announce(this, "wx:location", place);
    } catch (error) {
      const why = error && error.why ? error.why : "unavailable";
      this.setAttribute("data-state", why === "denied" ? "denied" : "failed");
      announce(this, "wx:location-failed", { why });
    }
  }

  /** Hidden inputs named by data-wx-field: lat, lng, accuracy_m, source, crs, captured_at. */
  fillIn(place) {
    this.querySelectorAll("[data-wx-field]").forEach((input) => {
      input.value = place[input.dataset.wxField];
    });
  }

  openPlace(place) {
    window.wx.openLocation({
      latitude: Number(place.lat),
      longitude: Number(place.lng),
      name: place.name || "",
      address: place.address || "",
      scale: 15,
    });
  }
}

/** One yes is enough. WeChat's answer is JSON in JSON: {"template id": "{\"status\":\"accept\"}"}. */
function saidYes(details) {
  try {
    return Object.values(JSON.parse(details)).some((one) => JSON.parse(one).status === "accept");
  } catch (error) {
    return false;
  }
}

/** WeChat could not: ask the browser, unless the person said no. */
function orBrowser(error) {
  if (error.why === "denied") throw error;
  return browserPlace();
}

define("fs-wx", FsWx);
