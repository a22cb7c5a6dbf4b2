// Paper: one button, the browser's own print.
const button = document.getElementById("print");
if (button) button.addEventListener("click", () => window.print());
