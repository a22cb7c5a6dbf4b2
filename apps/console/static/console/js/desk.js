// The dispatcher's screen and the callback desk: list, sheet and map are one selection.
import "./choose.js";
import "./more.js";
import "./forms.js";
import "../../ui/js/fs-photos.js";
import "./sight.js";
import "./calls.js";
