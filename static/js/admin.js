// What every admin page gains from a script: the summary of faults is read out at once, and a button pressed twice sends once,
// pages can be printed by a button, and one box checks a whole table.

document.querySelector("[data-focus]")?.focus();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !event.defaultPrevented) form.dataset.sent = "";
});

// A page taken from the browser's memory by the back button may send again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Buttons that need a script show once it is there.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// A link to what is folded up unfolds it and leads to its first field.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  const folded = link && document.getElementById(link.hash.slice(1));
  if (folded?.tagName !== "DETAILS") return;
  event.preventDefault();
  folded.open = true;
  const field = folded.querySelector("input:not([type=hidden]), select, textarea") ?? folded.querySelector("summary");
  field.focus();
  field.scrollIntoView({ block: "center" });
});

// A box in the head of a table checks all boxes of its name in the table.
document.addEventListener("change", (event) => {
  const all = event.target;
  if (!all.matches?.("input[data-all]")) return;
  for (const box of all.closest("table").querySelectorAll(`tbody input[name="${all.dataset.all}"]`)) box.checked = all.checked;
});
