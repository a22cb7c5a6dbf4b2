// The server's time. The page says when it was made; a wrong clock on the desk or phone then does not matter.

const made = Number(document.documentElement.dataset.now || 0);
const offset = made ? made - Date.now() : 0;
const listeners = new Set();
let timer = 0;

export function serverNow() {
  return Date.now() + offset;
}

/** One timer for every countdown of the page. Returns the way to stop. */
export function everySecond(listener) {
  listeners.add(listener);
  if (!timer) timer = setInterval(() => listeners.forEach((each) => each()), 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size) return;
    clearInterval(timer);
    timer = 0;
  };
}
