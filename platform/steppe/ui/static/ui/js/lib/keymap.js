// Keys by their place on the board (event.code): a Chinese input method turns event.key into "Process".

const NAMED = { ".": "Period", "/": "Slash", "?": "Slash", ",": "Comma", "+": "Equal", "-": "Minus", " ": "Space" };

/** "a", "Ctrl+k", "?" → what event must look like. */
export function parseKey(text) {
  const parts = text.length > 1 ? text.split("+") : [text];
  const key = parts.pop();
  const ctrl = parts.includes("Ctrl");
  if (/^[a-z]$/i.test(key)) return { codes: ["Key" + key.toUpperCase()], ctrl, shift: parts.includes("Shift") };
  if (/^[0-9]$/.test(key)) return { codes: ["Digit" + key, "Numpad" + key], ctrl, shift: false };
  if (key === "Enter") return { codes: ["Enter", "NumpadEnter"], ctrl, shift: false };
  return { codes: [NAMED[key] || key], ctrl, shift: key === "?" };
}

export function matches(event, wish) {
  const shift = event.shiftKey || event.key === "?";
  if (event.altKey || wish.shift !== shift) return false;
  return wish.ctrl === (event.ctrlKey || event.metaKey) && wish.codes.includes(event.code);
}
