// One file to the server. XMLHttpRequest, because fetch cannot tell how far an upload has come.

import { csrf } from "../lib/http.js";

export function upload(url, blob, key, onProgress) {
  const body = new FormData();
  body.append("photo", blob, blob.name || "photo.jpg");
  body.append("idempotency_key", key);
  return new Promise((resolve, reject) => {
    const wire = new XMLHttpRequest();
    wire.open("POST", url);
    wire.timeout = 60000;
    wire.setRequestHeader("Accept", "application/json");
    wire.setRequestHeader("X-CSRFToken", csrf());
    wire.setRequestHeader("Idempotency-Key", key);
    wire.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    wire.onload = () => settle(wire, resolve, reject);
    wire.onerror = wire.ontimeout = () => reject(new Error("network"));
    wire.send(body);
  });
}

function settle(wire, resolve, reject) {
  let answer = {};
  try {
    answer = JSON.parse(wire.responseText);
  } catch (error) {
    // Not our answer (a proxy's page): treated as a failure below unless the status says otherwise.
  }
  if (wire.status >= 200 && wire.status < 300 && answer.id) resolve(answer);
  else reject(Object.assign(new Error("refused"), { sentence: answer.detail || "" }));
}
