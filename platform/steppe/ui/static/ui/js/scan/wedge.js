// A hand scanner on USB is a keyboard: it types a code faster than anybody can and ends with Enter. Such an Enter sends
// no form; what was read goes to the field it was typed into.

const QUICK = 45; // ms between most keys of a scanner; people need more than twice as long
const PAUSE = 600; // after so long a new code begins; shorter ones are a busy phone's
const LEAST = 4;
const SIGNS = { Minus: "-", Period: ".", Slash: "/", Semicolon: ":", Space: " " };
const bursts = new WeakMap();

/** `take(field, text)` for every code that was typed into a [data-scan]. */
export function listen(take) {
  document.addEventListener("keydown", (event) => onKey(event, take), true);
}

function onKey(event, take) {
  const field = event.target.closest ? event.target.closest("[data-scan]") : null;
  if (!field || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.code === "Enter" || event.code === "NumpadEnter" || event.key === "Enter") onEnter(event, field, take);
  else grow(field, sign(event), event.timeStamp);
}

function onEnter(event, field, take) {
  const burst = bursts.get(field);
  bursts.delete(field);
  if (!burst || burst.text.length < LEAST || event.timeStamp - burst.last > PAUSE || !isQuick(burst.gaps)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  // After the key: an input method may still put what it made of the letters into the field.
  setTimeout(() => {
    field.value = burst.before;
    take(field, burst.text);
  }, 0);
}

function grow(field, text, now) {
  const burst = bursts.get(field);
  if (!text) return;
  if (!burst || now - burst.last > PAUSE) {
    bursts.set(field, { before: field.value, text, last: now, gaps: [] });
    return;
  }
  burst.text += text;
  burst.gaps.push(now - burst.last);
  burst.last = now;
}

/** Most of the gaps, not all: a page may stand still for a moment. */
function isQuick(gaps) {
  const sorted = gaps.slice().sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] <= QUICK;
}

/** The letter; a Chinese input method hides it ("Process"), then the place of the key tells. */
function sign(event) {
  if (event.key.length === 1) return event.key;
  if (event.key !== "Process" && !event.isComposing) return "";
  const code = event.code || "";
  if (/^Key[A-Z]$/.test(code)) return code.slice(3);
  if (/^(Digit|Numpad)[0-9]$/.test(code)) return code.slice(-1);
  return SIGNS[code] || "";
}
