// The editor of a text: buttons and keys for people who do not know Markdown, autosave, live preview, paste, pictures. Without this file
// the page is a form with a text area and a button for the preview.

import { keepSaved } from "./autosave.js";
import { ask } from "./dialogs.js";
import { block, footnote, lines, replace, showLine, table, words, wrap } from "./markdown.js";
import { takePaste } from "./paste.js";
import { askPicture, showPicture, watchCover, watchFiles, watchPictures } from "./pictures.js";
import { livePreview } from "./preview.js";

const form = document.querySelector("form[data-editor]");
const area = document.getElementById("f_body");
const dialog = (name) => document.querySelector(`dialog[data-dialog="${name}"]`);

const heading = (mark) => () => lines(area, (rest, _, had) => (had === mark ? rest : mark + rest));
const list = (mark) => () => lines(area, (rest, i, had) => ((had === "- " && mark(i) === "- ") || (/^\d/.test(had) && /^\d/.test(mark(i))) || (had === "> " && mark(i) === "> ") ? rest : mark(i) + rest));

const tools = {
  bold: () => wrap(area, "**", "chữ đậm"),
  italic: () => wrap(area, "*", "chữ nghiêng"),
  h2: heading("## "),
  h3: heading("### "),
  list: list(() => "- "),
  numbered: list((i) => `${i + 1}. `),
  quote: list(() => "> "),
  link: askLink,
  table: askTable,
  picture: () => askPicture(area),
  footnote: () => footnote(area),
  undo: () => command("undo"),
  redo: () => command("redo"),
  help: () => dialog("help").showModal(),
};

function command(name) {
  area.focus();
  document.execCommand(name);
}

async function askLink() {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const chosen = value.slice(start, end).replace(/\s+/g, " ").trim();
  const address = /^(https?:\/\/|www\.)\S+$/.test(chosen) ? chosen : "";
  const answer = await ask(dialog("link"), { text: chosen, address });
  area.focus();
  if (!answer) return;
  const text = `[${words(answer.text || answer.address)}](${target(answer.address)})`;
  replace(area, start, end, text);
}

// target is an address as a link needs it, however it was typed.
function target(typed) {
  const address = typed.trim().replace(/[\s()<>]/g, encodeURIComponent);
  if (/^(https?:|mailto:|tel:|\/|#)/i.test(address)) return address;
  if (/^[^@/]+@[^@/]+\.[^@/]+$/.test(address)) return `mailto:${address}`;
  return `https://${address}`;
}

async function askTable() {
  const answer = await ask(dialog("table"));
  area.focus();
  if (!answer) return;
  const fit = (text, most) => Math.min(Math.max(Number.parseInt(text, 10) || 1, 1), most);
  const made = table(fit(answer.rows, 100), fit(answer.columns, 20));
  block(area, made.text, made.from, made.to);
}

function keys(event, saver, renew) {
  const key = event.key.toLowerCase();
  if (event.key === "F1" && event.target === area) {
    event.preventDefault();
    return tools.help();
  }
  if (!(event.ctrlKey || event.metaKey) || event.isComposing) return;
  if (key === "s" && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    return form.requestSubmit(form.querySelector("[data-save]"));
  }
  if (event.key === "Enter") {
    event.preventDefault();
    return showPreview(saver, renew, true);
  }
  if (event.target !== area) return;
  const name = event.altKey ? { 2: "h2", 3: "h3" }[key] : { b: "bold", i: "italic", k: "link" }[key];
  if (!name) return;
  event.preventDefault();
  tools[name]();
}

async function showPreview(saver, renew, on) {
  const studio = document.querySelector(".studio");
  studio.classList.toggle("previewing", on);
  const button = document.querySelector("[data-toggle-preview]");
  button.setAttribute("aria-pressed", String(studio.classList.contains("previewing")));
  await saver.save();
  renew();
}

// Enter in a list goes on with the list; on an empty point of it the list ends.
function goOn(event) {
  if (event.inputType !== "insertLineBreak" || area.selectionStart !== area.selectionEnd) return;
  const at = area.selectionStart;
  const start = area.value.lastIndexOf("\n", at - 1) + 1;
  const found = area.value.slice(start, at).match(/^([-*] |> |(\d+)\. )(.*)$/);
  if (!found) return;
  event.preventDefault();
  if (found[3].trim() === "") return replace(area, start, at, "");
  replace(area, at, at, `\n${found[2] ? `${Number(found[2]) + 1}. ` : found[1]}`);
}

// One button of the toolbar is in the order of the Tab key; the arrow keys go to the others.
function arrows(bar) {
  const buttons = [...bar.querySelectorAll("button")];
  buttons.forEach((b, i) => (b.tabIndex = i ? -1 : 0));
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = buttons.indexOf(event.target);
    if (at < 0) return;
    const next = step ? (at + step + buttons.length) % buttons.length : { Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    buttons[at].tabIndex = -1;
    buttons[next].tabIndex = 0;
    buttons[next].focus();
  });
}

function start() {
  const frame = document.querySelector("iframe[data-frame]");
  const renew = frame ? livePreview(frame) : () => {};
  watchCover(form);
  watchFiles(form);
  const saver = keepSaved(form, renew);
  const bar = document.querySelector("[data-toolbar]");
  if (bar) {
    bar.hidden = false;
    arrows(bar);
    bar.addEventListener("click", (event) => tools[event.target.closest("[data-tool]")?.dataset.tool]?.());
    area.addEventListener("beforeinput", goOn);
    takePaste(form, area);
    watchPictures(form, area);
  }
  document.addEventListener("keydown", (event) => keys(event, saver, renew));
  form.querySelector("[data-preview]").hidden = true;
  const toggle = document.querySelector("[data-toggle-preview]");
  toggle.hidden = false;
  toggle.addEventListener("click", () => showPreview(saver, renew, !document.querySelector(".studio").classList.contains("previewing")));
  for (const link of document.querySelectorAll(".checklist a[data-line]")) {
    link.addEventListener("click", (event) => {
      const field = document.querySelector(link.hash);
      field?.closest("details")?.setAttribute("open", "");
      if (field?.tagName !== "TEXTAREA" || link.dataset.line === "0") return;
      event.preventDefault();
      if (field === area && showPicture(form, area, Number(link.dataset.line))) return;
      showLine(field, Number(link.dataset.line));
    });
  }
}

if (form && area) start();
