// Asking our own server. A redirect or 401 means the session is over: never put a sign-in page into a list.

export class SignedOut extends Error {}
export class Refused extends Error {
  constructor(status) {
    super("answered " + status);
    this.status = status;
  }
}

export function csrf() {
  const meta = document.querySelector("meta[name=csrf-token]");
  return meta ? meta.content : "";
}

export async function ask(url, options) {
  const settings = options || {};
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), settings.timeout || 10000);
  try {
    const answer = await fetch(url, {
      credentials: "same-origin",
      cache: "no-store",
      headers: { Accept: settings.accept || "text/html", "X-Requested-With": "fetch" },
      signal: stop.signal,
    });
    if (answer.status === 401 || answer.redirected) throw new SignedOut();
    const known = settings.known || [];
    if (!answer.ok && !known.includes(answer.status)) throw new Refused(answer.status);
    return { answer, body: await answer.text() };
  } finally {
    clearTimeout(timer);
  }
}

export async function askJson(url, options) {
  const given = Object.assign({ accept: "application/json" }, options);
  const { answer, body } = await ask(url, given);
  return { status: answer.status, data: body ? JSON.parse(body) : {} };
}

/** Adds a parameter to an address that may already have some. */
export function withParam(url, name, value) {
  return url + (url.includes("?") ? "&" : "?") + name + "=" + value;
}
