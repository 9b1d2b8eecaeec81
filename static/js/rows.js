// The editor of a meeting: its rows change in place, by buttons and keys, and what is typed is kept. Without this file each of these
// buttons sends the form and the page comes back at the row.

import { keepSaved } from "./autosave.js";
import { reveal, watchLibrary } from "./library.js";
import { livePreview } from "./preview.js";

const form = document.querySelector("form[data-editor].meeting");
const told = form?.querySelector("[data-told]");
const fields = "input:not([type=hidden]), textarea, select";

const rowsOf = (group) => [...group.querySelectorAll(":scope > .entries > .entry")];
const nameOf = (row) => row.querySelector(".entry-name").textContent.replace(/\s+/g, " ").trim();

function say(text) {
  told.textContent = text;
}

// changed lets autosave and preview know, and numbers the rows anew.
function changed(group) {
  rowsOf(group).forEach((row, i) => {
    for (const place of row.querySelectorAll("[data-number]")) place.textContent = String(i + 1);
  });
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function add(group) {
  const keys = rowsOf(group).map((row) => Number(row.querySelector("input[type=hidden]").value));
  const key = String(Math.max(-1, ...keys) + 1);
  const fresh = group.querySelector("template").content.cloneNode(true);
  for (const element of fresh.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      if (value.includes("KEY")) element.setAttribute(name, value.replaceAll("KEY", key));
    }
  }
  group.querySelector(".entries").append(fresh);
  const row = rowsOf(group).at(-1);
  reveal(row);
  changed(group);
  row.querySelector(fields).focus();
  say(`Đã thêm ${nameOf(row)}`);
}

function remove(group, row) {
  const rows = rowsOf(group);
  const at = rows.indexOf(row);
  const name = nameOf(row);
  row.remove();
  changed(group);
  const next = rows[at + 1] ?? rows[at - 1];
  (next?.querySelector(fields) ?? group.querySelector('button[value^="them:"]')).focus();
  say(`Đã bỏ ${name}`);
}

// move puts the row one place up (-1) or down (1); what has the focus keeps it.
function move(group, row, step) {
  const rows = rowsOf(group);
  const other = rows[rows.indexOf(row) + step];
  if (!other) return say(step < 0 ? "Đã ở đầu" : "Đã ở cuối");
  const focused = document.activeElement;
  if (step < 0) other.before(row);
  else other.after(row);
  focused.focus();
  changed(group);
  say(`Đã chuyển đến vị trí ${rows.indexOf(other) + 1} trong ${rows.length}`);
}

function press(event) {
  const button = event.target.closest('button[name="_viec"]');
  if (!button) return;
  event.preventDefault();
  const group = button.closest("[data-rows]");
  const row = button.closest(".entry");
  switch (button.value.split(":")[0]) {
    case "them":
      return add(group);
    case "xoa":
      return remove(group, row);
    case "len":
      return move(group, row, -1);
    case "xuong":
      return move(group, row, 1);
  }
}

function keys(event, saver) {
  const row = event.target.closest(".entry");
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (row && step && event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    return move(row.closest("[data-rows]"), row, step);
  }
  if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    return form.requestSubmit(form.querySelector("[data-save]"));
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    saver.show(true);
  }
}

// A name out of the directory brings the position held on the meeting's day, unless one is typed already.
function fill(event) {
  if (event.target.dataset.cell !== "name") return;
  const typed = event.target.value.trim().toLocaleLowerCase("vi");
  const known = [...document.querySelectorAll("#p_danh-ba option")].find((o) => o.value.toLocaleLowerCase("vi") === typed);
  const row = event.target.closest(".entry");
  const position = row.querySelector('[data-cell="position"]');
  if (!known || position.value.trim() !== "" || row.querySelector('[data-cell="outside"]').checked) return;
  position.value = known.textContent;
  form.dispatchEvent(new Event("input", { bubbles: true }));
  say(`Đã điền chức vụ: ${known.textContent}`);
}

// picked puts a file of the library into its row.
function picked(field, item) {
  const row = field.closest(".entry");
  const offer = (cell, text) => {
    const field = row.querySelector(`[data-cell="${cell}"]`);
    if (field && field.value.trim() === "") field.value = text;
  };
  offer("alt", item.alt);
  offer("caption", item.caption);
  offer("title", item.name);
  form.dispatchEvent(new Event("input", { bubbles: true }));
  say(`Đã chọn ${item.name}`);
}

function start() {
  const renew = livePreview(document.querySelector("iframe[data-frame]"));
  const saver = keepSaved(form, renew);
  const studio = document.querySelector(".studio");
  const toggle = form.querySelector("[data-toggle-preview]");
  saver.show = async (on) => {
    studio.classList.toggle("previewing", on);
    toggle.setAttribute("aria-pressed", String(on));
    await saver.save();
    renew();
  };
  form.querySelector("[data-preview]").hidden = true;
  toggle.hidden = false;
  toggle.addEventListener("click", () => saver.show(!studio.classList.contains("previewing")));
  form.addEventListener("click", press);
  form.addEventListener("change", fill);
  document.addEventListener("keydown", (event) => keys(event, saver));
  for (const link of document.querySelectorAll(".checklist a")) {
    link.addEventListener("click", () => document.getElementById(link.hash.slice(1))?.closest("details")?.setAttribute("open", ""));
  }
  reveal(form);
  watchLibrary(form, (field) => (field.name.startsWith("photos.") ? "anh" : "tep"), picked);
}

if (form) start();
