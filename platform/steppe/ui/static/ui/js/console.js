// Everything a desktop page uses.
import "./theme.js";
import "./menu.js";
import "./toast.js";
import "./htmx-glue.js";
import "./confirm.js";
import "./fs-dialog.js";
import "./fs-once.js";
import "./fs-due.js";
import "./fs-fresh.js";
import "./fs-list.js";
import "./fs-live.js";
import "./fs-keys.js";
import "./fs-sound.js";
