  /*
   * <wx-open-subscribe template="id1,id2">: the page's own button, drawn from its template, and WeChat's
   * question when it is tapped. The answer comes back as the events success and error.
   */
  var TAG = "wx-open-subscribe";
  var SHEET = [
    ":host{position:fixed;z-index:2147483000;top:0;right:0;bottom:0;left:0;display:block;font:16px/1.5 sans-serif}",
    ".shade{position:absolute;top:0;right:0;bottom:0;left:0;background:rgba(0,0,0,.5)}",
    ".ask{position:absolute;right:0;bottom:0;left:0;max-width:560px;margin:0 auto;padding:24px;background:#fff;",
    "color:#191919;border-radius:12px 12px 0 0;box-sizing:border-box}",
    "h2{margin:0 0 4px;font-size:17px}p{margin:0 0 12px;color:#6b6b6b;font-size:14px}",
    "label{display:flex;align-items:center;min-height:44px;gap:10px;border-top:1px solid #ececec}",
    "input{width:20px;height:20px;accent-color:#067a40}.keep{color:#6b6b6b;font-size:14px}",
    ".row{display:flex;gap:12px;margin-top:16px}",
    "button{flex:1;min-height:44px;border:0;border-radius:6px;background:#f0f0f0;color:#067a40;font:inherit}",
    "button.yes{background:#067a40;color:#fff}"
  ].join("");

  function styled(root, css) {
    var sheet;
    if (css && root.adoptedStyleSheets && window.CSSStyleSheet) { // a style element would need 'unsafe-inline'
      sheet = new window.CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
    }
  }

  function part(parent, name, text, className) {
    var node = document.createElement(name);
    node.textContent = text || "";
    if (className) {
      node.className = className;
    }
    parent.appendChild(node);
    return node;
  }

  function box(parent, text, checked, className) {
    var label = part(parent, "label", "", className);
    var input = document.createElement("input");
    input.type = "checkbox";
    input.checked = checked;
    label.appendChild(input);
    label.appendChild(document.createTextNode(text));
    return input;
  }

  function tell(element, name, detail) {
    element.dispatchEvent(new window.CustomEvent(name, { detail: detail, bubbles: false }));
  }

  function tellError(element, answer) {
    tell(element, "error", { errMsg: answer.errMsg || "subscribe:fail", errCode: answer.errCode || "10002" });
  }

  function sendAnswers(element, answers, keep) {
    var path = "/_sandbox/jssdk/answers?grant=" + encodeURIComponent(grant);
    request("POST", path, JSON.stringify({ answers: answers, keep: keep }), function (answer) {
      if (answer.ok) {
        tell(element, "success", { errMsg: "subscribe:ok", subscribeDetails: answer.subscribeDetails });
      } else {
        tellError(element, answer);
      }
    });
  }

  /* WeChat's sheet from below. The buttons are found by data-answer. */
  function askPerson(element, asked) {
    var host = document.createElement("div");
    var root = host.attachShadow({ mode: "open" });
    var boxes = {};
    var sheet, keep, row;
    styled(root, SHEET);
    part(root, "div", "", "shade");
    sheet = part(root, "div", "", "ask");
    sheet.setAttribute("role", "dialog");
    sheet.setAttribute("aria-label", "订阅通知");
    part(sheet, "h2", asked.account);
    part(sheet, "p", "申请给你发送以下通知，每同意一次可收到一条");
    asked.templates.forEach(function (template) {
      boxes[template.template_id] = box(sheet, template.title, true);
      boxes[template.template_id].setAttribute("data-template-id", template.template_id);
    });
    keep = box(sheet, "总是保持以上选择，不再询问", false, "keep");
    row = part(sheet, "div", "", "row");

    function done(chosen) {
      var answers = {};
      Object.keys(boxes).forEach(function (id) {
        answers[id] = chosen === "cancel" ? "cancel" : (boxes[id].checked ? "accept" : "reject");
      });
      document.body.removeChild(host);
      sendAnswers(element, answers, keep.checked);
    }

    ["cancel", "accept"].forEach(function (chosen) {
      var button = part(row, "button", chosen === "accept" ? "允许" : "取消", chosen === "accept" ? "yes" : "");
      button.type = "button";
      button.setAttribute("data-answer", chosen);
      button.addEventListener("click", function () { done(chosen); });
    });
    document.body.appendChild(host);
    row.lastChild.focus();
  }

  function tapped(element) {
    var ids = element.getAttribute("template") || "";
    var path = "/_sandbox/jssdk/question?grant=" + encodeURIComponent(grant) + "&ids=" + encodeURIComponent(ids);
    request("GET", path, null, function (asked) {
      if (!asked.ok) {
        tellError(element, asked);
      } else if (Object.keys(asked.kept).length === asked.templates.length) {
        sendAnswers(element, asked.kept, false);
      } else {
        askPerson(element, asked);
      }
    });
  }

  /* What the page put between the tags: a template, or a script that is none; slot="style" is its style. */
  function contentOf(element, style) {
    var found = element.querySelectorAll("template, script[type='text/wxtag-template']");
    return Array.prototype.map.call(found, function (node) {
      return (node.getAttribute("slot") === "style") === style ? node.innerHTML : "";
    }).join("");
  }

  function draw(element) {
    var root;
    if ((settings.openTagList || []).indexOf(TAG) < 0 || element.shadowRoot) {
      return;
    }
    root = element.attachShadow({ mode: "open" });
    styled(root, contentOf(element, true).replace(/<\/?style[^>]*>/g, ""));
    part(root, "div").innerHTML = contentOf(element, false);
    root.addEventListener("click", function () { tapped(element); });
    tell(element, "ready", {});
  }

  function OpenSubscribe() {
    return window.Reflect.construct(window.HTMLElement, [], OpenSubscribe);
  }

  function defineTag() {
    if (!window.customElements || !window.Reflect || window.customElements.get(TAG)) {
      return; // too old for open tags, as in reality; or a page that loaded this twice
    }
    OpenSubscribe.prototype = Object.create(window.HTMLElement.prototype);
    OpenSubscribe.prototype.connectedCallback = function () {
      var element = this;
      wx.ready(function () { draw(element); });
    };
    window.customElements.define(TAG, OpenSubscribe);
    wx.error(function (answer) {
      document.dispatchEvent(new window.CustomEvent("WeixinOpenTagsError", { detail: answer }));
    });
  }

  defineTag();

