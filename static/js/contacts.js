// Rows of the directory's forms are added, moved and removed in place; without this script the same buttons ask the server.
// Alt+ArrowUp and Alt+ArrowDown move the row in which the cursor stands.

const rowsOf = (group) => [...group.querySelectorAll("[data-row]")];

// number writes the places of the rows into their names and buttons again.
function number(group) {
  rowsOf(group).forEach((row, i) => {
    row.setAttribute("aria-label", row.getAttribute("aria-label").replace(/\d+$/, i + 1));
    for (const button of row.querySelectorAll("button[name=row]")) {
      button.value = button.value.replace(/\d+$/, i);
      const words = button.querySelector(".hide");
      words.textContent = words.textContent.replace(/\d+$/, i + 1);
    }
  });
}

function move(row, by) {
  const list = rowsOf(row.parentElement);
  const other = list[list.indexOf(row) + by];
  if (!other) return;
  const focused = document.activeElement;
  if (by < 0) other.before(row);
  else other.after(row);
  number(row.parentElement);
  focused?.focus();
}

function add(group) {
  const last = rowsOf(group).at(-1);
  const row = last.cloneNode(true);
  for (const field of row.querySelectorAll("input")) field.value = "";
  for (const field of row.querySelectorAll("select")) field.selectedIndex = 0;
  last.after(row);
  number(group);
  row.querySelector("input, select").focus();
}

function remove(row) {
  const group = row.parentElement;
  const next = row.nextElementSibling;
  row.remove();
  number(group);
  (next?.querySelector("input, select, button") ?? group).focus();
}

document.querySelector("[data-contact]")?.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=row]");
  if (!button) return;
  const group = button.closest("[data-rows]");
  const row = button.closest("[data-row]");
  const what = button.value.split(" ")[1];
  if (rowsOf(group).length === (what === "add" ? 0 : what === "remove" ? 1 : 0)) return; // the server makes the first row, and empties the last
  event.preventDefault();
  if (what === "add") add(group);
  else if (what === "remove") remove(row);
  else move(row, what === "up" ? -1 : 1);
});

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("[data-row]");
  if (!row || !event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  event.preventDefault();
  move(row, event.key === "ArrowUp" ? -1 : 1);
});

// An upload shows how far it is.
document.querySelector("[data-upload]")?.addEventListener("submit", (event) => {
  const form = event.target;
  const bar = form.querySelector("progress");
  const request = new XMLHttpRequest();
  event.preventDefault();
  if (!bar.hidden) return;
  bar.hidden = false;
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (e) => { if (e.lengthComputable) bar.value = (100 * e.loaded) / e.total; });
  request.addEventListener("error", () => form.submit());
  request.addEventListener("load", () => {
    const answer = new DOMParser().parseFromString(request.responseText, "text/html"); // shown as it is: its messages are shown once
    history.pushState(null, "", request.responseURL);
    document.title = answer.title;
    document.querySelector(".sheet").replaceWith(document.adoptNode(answer.querySelector(".sheet")));
    (document.querySelector("[data-focus]") ?? document.querySelector("main")).focus();
  });
  request.send(new FormData(form));
});
