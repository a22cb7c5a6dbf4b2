// What only the phone pages need; the elements themselves stand in ui/js.
import "./fs-placed.js";
import "./place-words.js";
import "./taken.js";
