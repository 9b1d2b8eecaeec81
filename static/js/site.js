// Everything works without this file; it only adds what a browser cannot do from HTML alone.
"use strict";

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Close the display settings when the reader clicks elsewhere or presses Escape.
const display = document.querySelector("details.display");
if (display) {
  document.addEventListener("click", (event) => {
    if (!display.contains(event.target)) display.open = false;
  });
  display.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && display.open) {
      display.open = false;
      display.querySelector("summary").focus();
    }
  });
}
