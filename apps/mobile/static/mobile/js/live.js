// The pages that follow what happens.
import "../../ui/js/fs-due.js";
import "../../ui/js/fs-fresh.js";
import "../../ui/js/fs-list.js";
import "../../ui/js/fs-live.js";
import "./fs-again.js";
import "./fs-grab.js";
import "./fs-rating.js";
import "./taken.js";
