// Every phone page: forms, pictures, the location. Without htmx and the stream: the report has to open on a weak line.
import "../../ui/js/theme.js";
import "../../ui/js/toast.js";
import "../../ui/js/confirm.js";
import "../../ui/js/fs-once.js";
import "../../ui/js/fs-photos.js";
import "../../ui/js/fs-wx.js";
import "./fs-placed.js";
import "./fs-sign.js";
import "./fs-wx-photos.js";
import "./fs-wx-scan.js";
import "./fold.js";
import "./place-words.js";
import "./type-fields.js";
