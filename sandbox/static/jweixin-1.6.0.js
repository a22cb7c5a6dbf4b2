/*
 * The sandbox's stand-in for WeChat's JS-SDK 1.6.0: the same global wx and the same callbacks, but the
 * phone behind it is simulated. Plain ES5, like the pages that load it have to be.
 */
(function (window, document) {
  "use strict";

  var ROOT = rootOf(document.currentScript.src);
  // The same sandbox under a name of the page's own site: only there does its cookie come along.
  var BESIDE = besideOf(ROOT, window.location.hostname);
  // An iPhone checks signatures against this address, whatever history.pushState has made of it since.
  var FIRST_URL = window.location.href.split("#")[0];
  var settings = {};
  var grant = "";
  var phone = "/phone";
  var state = "new"; // new, asking, ready, refused
  var refusal = null;
  var onReady = [];
  var onError = [];
  var pictures = {};
  var lastPicture = 0;

  // Usable without being named in jsApiList, as in the real one.
  var FREE = { checkJsApi: true, closeWindow: true };

  function rootOf(src) {
    return src.replace(/^(\w+:\/\/[^\/]+).*$/, "$1");
  }

  function besideOf(root, hostname) {
    if (!/\.localhost$/.test(hostname)) {
      return root;
    }
    return root.replace(/^(\w+:\/\/)[^:\/]+/, "$1wx." + hostname);
  }

  function request(method, path, body, done) {
    var call = new XMLHttpRequest();
    call.open(method, BESIDE + path, true);
    call.withCredentials = true;
    call.onload = function () {
      var answer;
      try {
        answer = JSON.parse(call.responseText);
      } catch (error) {
        answer = { ok: false, errMsg: "" };
      }
      done(answer);
    };
    call.onerror = function () {
      if (BESIDE === ROOT) {
        done({ ok: false, errMsg: "" });
      } else { // a resolver or a policy that does not know the name
        BESIDE = ROOT;
        request(method, path, body, done);
      }
    };
    // A string goes out as text/plain, which spares the page a preflight.
    call.send(body);
  }

  function finish(options, outcome, result) {
    var i;
    var names = [outcome, "complete"];
    for (i = 0; i < names.length; i += 1) {
      if (typeof options[names[i]] === "function") {
        options[names[i]](result);
      }
    }
  }

  function isListed(name) {
    return FREE[name] || (settings.jsApiList || []).indexOf(name) >= 0;
  }

  /* Make one API of the SDK: it waits for nothing and fails where the real one would. */
  function api(name, work) {
    return function (given) {
      var options = given || {};
      if (state !== "ready" || !isListed(name)) {
        finish(options, "fail", { errMsg: name + ":permission denied" });
        return;
      }
      work(options, function (result) {
        var answer = result || {};
        answer.errMsg = name + ":ok";
        finish(options, "success", answer);
      }, function (reason) {
        finish(options, reason === "cancel" ? "cancel" : "fail", { errMsg: name + ":" + reason });
      });
    };
  }

  function settle(answer) {
    var waiting;
    state = answer.ok ? "ready" : "refused";
    if (answer.ok) {
      grant = answer.grant;
      phone = answer.phone;
      waiting = onReady;
    } else {
      refusal = { errMsg: answer.errMsg || "config:fail" };
      waiting = onError;
    }
    if (settings.debug && window.console) {
      window.console.log("[wx.config]", answer.errMsg);
    }
    waiting.forEach(function (callback) {
      callback(answer.ok ? undefined : refusal);
    });
  }

  function config(given) {
    settings = given || {};
    state = "asking";
    request("POST", "/_sandbox/jssdk/verify", JSON.stringify({
      appId: settings.appId,
      timestamp: String(settings.timestamp),
      nonceStr: settings.nonceStr,
      signature: settings.signature,
      url: window.location.href.split("#")[0],
      firstUrl: FIRST_URL
    }), settle);
  }

  function ready(callback) {
    if (state === "ready") {
      callback();
    } else {
      onReady.push(callback);
    }
  }

  function error(callback) {
    if (state === "refused") {
      callback(refusal);
    } else {
      onError.push(callback);
    }
  }

  function reasonIn(answer, fallback) {
    return (answer.errMsg || "").split(":").slice(1).join(":") || fallback;
  }

  function checkJsApi(options, done) {
    var known = {};
    (options.jsApiList || []).forEach(function (name) {
      known[name] = typeof wx[name] === "function";
    });
    done({ checkResult: known });
  }

  function getLocation(options, done, fail) {
    var type = options.type === "gcj02" ? "gcj02" : "wgs84";
    var path = "/_sandbox/jssdk/location?type=" + type + "&grant=" + encodeURIComponent(grant);
    request("GET", path, null, function (answer) {
      if (!answer.ok) {
        fail(reasonIn(answer, "fail"));
        return;
      }
      done({
        latitude: answer.latitude,
        longitude: answer.longitude,
        speed: answer.speed,
        accuracy: answer.accuracy
      });
    });
  }

  function openLocation(options, done, fail) {
    if (typeof options.latitude !== "number" || typeof options.longitude !== "number") {
      fail("invalid latitude or longitude"); // text is what pages get wrong, and the real one opens nothing
      return;
    }
    var query = ["name", "address", "latitude", "longitude"].map(function (name) {
      return name + "=" + encodeURIComponent(options[name] === undefined ? "" : options[name]);
    });
    done();
    window.location.href = ROOT + "/phone/map?" + query.join("&");
  }

  function scanQRCode(options, done, fail) {
    var text = window.prompt("扫一扫：请输入二维码的内容");
    if (text === null) {
      fail("cancel");
    } else {
      done(options.needResult === 1 ? { resultStr: text } : {}); // otherwise WeChat itself opens what it read
    }
  }

  function chooseImage(options, done, fail) {
    var input = document.createElement("input");
    input.type = "file";
    input.accept = "image/*";
    input.multiple = options.count !== 1;
    input.hidden = true;
    input.setAttribute("data-sandbox", "choose-image");
    input.addEventListener("change", function () {
      done({ localIds: keep(input.files, options.count || 9), sourceType: "album" });
      document.body.removeChild(input);
    });
    input.addEventListener("cancel", function () {
      document.body.removeChild(input);
      fail("cancel");
    });
    document.body.appendChild(input);
    input.click();
  }

  function keep(files, most) {
    return Array.prototype.slice.call(files, 0, most).map(function (file) {
      lastPicture += 1;
      var id = "wxLocalResource://sandbox/" + lastPicture;
      pictures[id] = file;
      return id;
    });
  }

  /* Both kinds of phone allow a page to show a picture by these data, but not all of them by its local id. */
  function getLocalImgData(options, done, fail) {
    var reader = new FileReader();
    if (!pictures[options.localId]) {
      fail("fail");
      return;
    }
    reader.onload = function () {
      done({ localData: reader.result });
    };
    reader.readAsDataURL(pictures[options.localId]);
  }

  function uploadImage(options, done, fail) {
    var file = pictures[options.localId];
    if (!file) {
      fail("fail");
      return;
    }
    request("POST", "/_sandbox/jssdk/upload?grant=" + encodeURIComponent(grant), file, function (answer) {
      if (answer.ok) {
        done({ serverId: answer.serverId });
      } else {
        fail(reasonIn(answer, "fail"));
      }
    });
  }

  function closeWindow(options, done) {
    done();
    window.location.href = ROOT + phone;
  }

  function nothing(options, done) {
    done();
  }

  var wx = {
    config: config,
    ready: ready,
    error: error,
    checkJsApi: api("checkJsApi", checkJsApi),
    getLocation: api("getLocation", getLocation),
    openLocation: api("openLocation", openLocation),
    scanQRCode: api("scanQRCode", scanQRCode),
    chooseImage: api("chooseImage", chooseImage),
    getLocalImgData: api("getLocalImgData", getLocalImgData),
    uploadImage: api("uploadImage", uploadImage),
    previewImage: api("previewImage", nothing),
    hideMenuItems: api("hideMenuItems", nothing),
    hideAllNonBaseMenuItem: api("hideAllNonBaseMenuItem", nothing),
    closeWindow: api("closeWindow", closeWindow)
  };

  /* open tags */
  window.wx = wx;
  window.jWeixin = wx;
}(window, document));
