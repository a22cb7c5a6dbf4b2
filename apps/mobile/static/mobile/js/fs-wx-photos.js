// <fs-wx-photos>: WeChat's own way to choose pictures, beside <fs-photos>. WeChat keeps them, our server fetches them.
// Its button is hidden until WeChat answers; the ordinary input beside it stays. Attributes: data-media, data-stage.

import { define } from "../../ui/js/lib/dom.js";
import { csrf } from "../../ui/js/lib/http.js";

class FsWxPhotos extends HTMLElement {
  connectedCallback() {
    const wx = document.querySelector("fs-wx");
    this.photos = this.parentNode.querySelector("fs-photos");
    if (!wx || !this.photos || !this.dataset.media) return;
    this.addEventListener("click", () => this.choose());
    customElements.whenDefined("fs-wx").then(() => wx.ready).then((ok) => (this.hidden = !ok));
  }

  choose() {
    if (this.photos.room <= 0) return;
    window.wx.chooseImage({
      count: Math.min(9, this.photos.room),
      sizeType: ["compressed"],
      success: (got) => [].concat(got.localIds).forEach((one) => this.add(one)),
    });
  }

  async add(localId) {
    const preview = await this.look(localId);
    let serverId = ""; // after a failure the picture is not sent to WeChat again, only fetched again
    this.photos.addForeign(preview, async () => {
      serverId = serverId || (await this.toWeChat(localId));
      return this.toUs(serverId);
    });
  }

  /** Some phones show a local id, some only its data. */
  look(localId) {
    return new Promise((resolve) => {
      setTimeout(() => resolve(""), 3000);
      window.wx.getLocalImgData({
        localId,
        success: (got) => resolve(/^data:/.test(got.localData) ? got.localData : "data:image/jpeg;base64," + got.localData),
        fail: () => resolve(""),
      });
    });
  }

  toWeChat(localId) {
    return new Promise((resolve, reject) => {
      window.wx.uploadImage({
        localId,
        isShowProgressTips: 0,
        success: (got) => resolve(got.serverId),
        fail: () => reject(new Error("wechat")),
        cancel: () => reject(new Error("wechat")),
      });
    });
  }

  async toUs(serverId) {
    const body = new FormData();
    body.append("server_id", serverId);
    body.append("stage", this.dataset.stage || "report");
    const headers = { Accept: "application/json", "X-CSRFToken": csrf() };
    const answer = await fetch(this.dataset.media, { method: "POST", body, headers, credentials: "same-origin" });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok || !told.id) throw Object.assign(new Error("refused"), { sentence: told.detail || "" });
    return told;
  }
}

define("fs-wx-photos", FsWxPhotos);
