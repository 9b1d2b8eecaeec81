// Pictures and files of a text: picked, pasted or dropped, uploaded, or taken from the library. Words for a picture are asked for at once.

import { block, picture, replace } from "./markdown.js";
import { send } from "./upload.js";

export const isPicture = (file) => /^image\/(jpeg|png|webp|gif)$/.test(file.type);

const dialog = document.querySelector('dialog[data-dialog="picture"]');

// askPicture asks for a picture and its words and puts it into area. It resolves to false when the person gave up.
export async function askPicture(area, file) {
  const answer = await choose(file, area.value.slice(area.selectionStart, area.selectionEnd));
  area.focus();
  if (!answer) return false;
  area.setSelectionRange(area.selectionEnd, area.selectionEnd);
  block(area, picture(answer.address, answer.alt, answer.caption));
  return true;
}

// pictured matches a picture in Markdown: its alternative text, its address, its caption.
const pictured = /!\[((?:[^\]\\]|\\.)*)\]\(([^\s()]+)(?:\s+"((?:[^"\\]|\\.)*)")?\)/g;

const plain = (text = "") => text.replace(/\\(.)/g, "$1");

// watchPictures lists the pictures of the text below it: the words for who does not see one are typed there, a button changes the rest.
export function watchPictures(form, area) {
  const list = form.querySelector("[data-pictures]");
  const all = () => [...area.value.matchAll(pictured)];
  let shown = "";
  const renew = () => {
    const found = all();
    const now = found.map((m) => m[0]).join("\n");
    if (now === shown) return;
    shown = now;
    list.replaceChildren(...found.map((m, i) => pictureRow(m, i, describe, change)));
    list.closest("section").hidden = found.length === 0;
  };
  const describe = (number, alt) => {
    const m = all()[number];
    if (!m) return;
    area.setRangeText(picture(m[2], alt, plain(m[3])), m.index, m.index + m[0].length, "preserve");
    shown = all()
      .map((found) => found[0])
      .join("\n"); // the row being typed in stays
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  const change = async (number) => {
    const m = all()[number];
    if (!m) return;
    const answer = await choose({ address: m[2], alt: plain(m[1]), caption: plain(m[3]) }, plain(m[3]));
    const now = all()[number];
    if (answer && now) replace(area, now.index, now.index + now[0].length, picture(answer.address, answer.alt, answer.caption));
    renew();
    list.querySelectorAll("button")[number]?.focus();
  };
  area.addEventListener("input", renew);
  renew();
}

// showPicture brings the words of the picture in that line of area, from 1, into sight. It reports whether there is one.
export function showPicture(form, area, line) {
  const number = [...area.value.matchAll(pictured)].findIndex((m) => area.value.slice(0, m.index).split("\n").length === line);
  const field = number < 0 ? null : form.querySelectorAll("[data-pictures] input")[number];
  field?.focus();
  field?.scrollIntoView({ block: "center" });
  return Boolean(field);
}

function pictureRow(found, number, describe, change) {
  const [, alt, address, caption] = found;
  const row = document.createElement("li");
  const image = new Image();
  Object.assign(image, { src: address, alt: "", loading: "lazy" });
  const text = document.createElement("span");
  text.className = "caption";
  text.textContent = plain(caption) || "Chưa có chú thích";
  const label = document.createElement("label");
  const name = document.createElement("span");
  const field = document.createElement("input");
  Object.assign(field, { value: plain(alt), maxLength: 500, autocomplete: "off", placeholder: "Trong ảnh có ai, đang làm gì?" });
  const say = () => {
    name.className = field.value.trim() ? "" : "fault-text";
    name.textContent = field.value.trim() ? `Lời mô tả ảnh ${number + 1}` : `Ảnh ${number + 1} chưa có lời mô tả`;
  };
  say();
  field.addEventListener("input", () => {
    describe(number, field.value.trim());
    say();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault(); // on to the next picture: the text is not ready to go
    row.nextElementSibling?.querySelector("input").focus();
  });
  label.append(name, field);
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "quiet small", textContent: "Sửa chú thích" });
  button.setAttribute("aria-label", `Sửa chú thích ảnh ${number + 1}`);
  button.addEventListener("click", () => change(number));
  row.append(image, text, button, label);
  return row;
}

// choose opens the dialog and resolves to the picture's id, address, thumb, alt and caption, or to null.
function choose(file, caption = "") {
  const form = dialog.querySelector("form");
  const part = (name) => dialog.querySelector(`[data-part="${name}"]`);
  const { alt, caption: line } = form.elements;
  let chosen = null; // a File, or a picture of the library
  form.reset();
  line.value = caption.replace(/\s+/g, " ").trim();
  part("fault").textContent = "";
  part("shown").replaceChildren();
  part("library").replaceChildren();
  part("progress").hidden = true;

  const show = (address) => {
    const image = new Image();
    image.alt = "";
    image.src = address;
    part("shown").replaceChildren(image);
  };
  const take = (next) => {
    chosen = next;
    part("fault").textContent = "";
    if (next instanceof File) {
      draw(part("shown"), next); // the page's policy lets no address lead to a local file
      return;
    }
    show(next.thumb || next.address);
    alt.value ||= next.alt;
    line.value ||= next.caption;
  };
  const library = async (query = "") => {
    const place = part("library");
    place.textContent = "Đang mở thư viện…";
    try {
      const response = await fetch(`/admin/tep/chon?loai=anh&q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(String(response.status));
      const { items } = await response.json();
      const list = items.filter((item) => item.width > 0);
      place.replaceChildren(...list.map((item) => libraryButton(item, take)));
      if (list.length === 0) place.textContent = "Không có ảnh nào như vậy.";
    } catch {
      place.textContent = "Chưa mở được thư viện.";
    }
  };

  form.elements.file.onchange = (event) => event.target.files[0] && take(event.target.files[0]);
  dialog.querySelector("details").open = false;
  dialog.querySelector("details").ontoggle = (event) => event.target.open && library();
  part("open").onclick = () => library(form.elements.find.value);
  form.elements.find.onkeydown = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    library(event.target.value);
  };
  if (file) take(file);
  dialog.showModal();
  (file ? alt : form.elements.file).focus();

  return new Promise((resolve) => {
    let answer = null;
    form.onsubmit = async (event) => {
      event.preventDefault();
      event.stopPropagation();
      part("fault").textContent = "";
      if (!chosen) return fail("Chưa chọn ảnh.", form.elements.file);
      if (!alt.value.trim()) return fail("Hãy mô tả ảnh cho người không nhìn thấy.", alt);
      try {
        answer = { ...(await stored(chosen, { alt: alt.value, caption: line.value }, part("progress"))), alt: alt.value.trim(), caption: line.value.trim() };
        dialog.close("yes");
      } catch (error) {
        fail(error.message, form.elements.file);
      }
    };
    const fail = (text, field) => {
      part("fault").textContent = text;
      field.focus();
    };
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? answer : null), { once: true });
    dialog.returnValue = "";
  });
}

async function draw(place, file) {
  try {
    const bitmap = await createImageBitmap(file, { resizeWidth: 320 });
    const canvas = document.createElement("canvas");
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    place.replaceChildren(canvas);
  } catch {
    place.textContent = file.name;
  }
}

function libraryButton(item, take) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  const image = new Image();
  image.src = item.thumb;
  image.alt = item.alt || item.name;
  image.loading = "lazy";
  button.append(image);
  button.addEventListener("click", () => take(item));
  return button;
}

// stored is the picture as the library has it: a file is uploaded first, with its progress shown.
async function stored(chosen, words, progress) {
  if (!(chosen instanceof File)) return chosen;
  progress.hidden = false;
  progress.value = 0;
  try {
    return await send(chosen, words, (percent) => (progress.value = percent));
  } finally {
    progress.hidden = true;
  }
}

// watchCover lets the cover be chosen as pictures of the text are.
export function watchCover(form) {
  const box = form.querySelector("[data-cover]");
  if (!box) return;
  const id = form.elements.cover;
  const shown = box.querySelector("[data-cover-shown]");
  const pick = box.querySelector("[data-cover-pick]");
  const drop = box.querySelector("[data-cover-drop]");
  box.querySelector("[data-plain]").hidden = true;
  pick.hidden = false;
  drop.hidden = !id.value;
  const changed = () => form.dispatchEvent(new InputEvent("input", { bubbles: true }));
  pick.addEventListener("click", async () => {
    const answer = await choose(null, form.elements.cover_caption.value);
    if (!answer) return;
    id.value = answer.id;
    form.elements.cover_alt.value = answer.alt;
    form.elements.cover_caption.value = answer.caption;
    const image = new Image();
    image.src = answer.thumb || answer.address;
    image.alt = answer.alt;
    shown.replaceChildren(image);
    drop.hidden = false;
    pick.focus();
    changed();
  });
  drop.addEventListener("click", () => {
    id.value = "";
    form.elements.cover_alt.value = "";
    form.elements.cover_caption.value = "";
    shown.replaceChildren();
    drop.hidden = true;
    pick.focus();
    changed();
  });
}

// watchFiles lets files be attached by picking or dropping them, in any order, and taken off again.
export function watchFiles(form) {
  const rows = form.querySelector("[data-files]");
  if (!rows) return;
  const place = form.querySelector("[data-file-pick]");
  const input = document.querySelector("[data-file-input]");
  const said = form.querySelector("[data-file-said]");
  const changed = () => form.dispatchEvent(new InputEvent("input", { bubbles: true }));
  for (const plain of rows.querySelectorAll("[data-plain]")) plain.remove();
  place.hidden = false;
  place.addEventListener("click", () => input.click());
  input.addEventListener("change", async () => {
    for (const file of [...input.files]) await attach(file);
    input.value = "";
  });
  rows.addEventListener("click", (event) => {
    const row = event.target.closest("li");
    if (event.target.dataset.row === "drop") row.remove();
    else if (event.target.dataset.row === "up") row.previousElementSibling?.before(row);
    else return;
    if (row.isConnected) event.target.focus();
    else place.focus();
    changed();
  });
  for (const row of rows.children) addButtons(row);

  async function attach(file) {
    said.textContent = `Đang tải lên ${file.name}…`;
    try {
      const stored = await send(file, {}, (percent) => (said.textContent = `Đang tải lên ${file.name}: ${percent}%`));
      rows.append(fileRow(stored));
      said.textContent = `Đã đính kèm ${stored.name}.`;
      changed();
    } catch (error) {
      said.textContent = `${file.name}: ${error.message}`;
    }
  }
}

function fileRow(stored) {
  const row = document.createElement("li");
  const id = document.createElement("input");
  Object.assign(id, { type: "hidden", name: "attachment", value: stored.id });
  const label = document.createElement("label");
  const name = document.createElement("span");
  name.textContent = stored.name;
  const title = document.createElement("input");
  Object.assign(title, { name: "attachment_title", value: stored.name.replace(/\.[^.]+$/, "") });
  label.append(name, title);
  row.append(id, label);
  addButtons(row);
  return row;
}

function addButtons(row) {
  for (const [kind, text] of [
    ["up", "Lên"],
    ["drop", "Bỏ"],
  ]) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "quiet small", textContent: text });
    button.dataset.row = kind;
    row.append(button);
  }
}
