// Pictures of a form are chosen in the library; without this script their numbers are typed. A box [data-photo="name"] has the button, the
// field of the number and a place that shows the picture; name is the field of its alternative text, "" when the form has none.

import { reveal, watchLibrary } from "./library.js";

const none = { value: "" };
const boxes = [...document.querySelectorAll("[data-photo]")];

function watch(box) {
  const field = box.closest("form").elements[box.querySelector("[data-pick]").dataset.pick];
  const drop = box.querySelector("[data-photo-drop]");
  box.querySelector("[data-plain]").hidden = field.getAttribute("aria-invalid") !== "true";
  drop.hidden = !field.value;
  reveal(box);
  drop.addEventListener("click", () => {
    field.value = "";
    show(box, [], "");
  });
}

// show puts the picture into its box, with its words.
function show(box, picture, words) {
  box.querySelector("[data-photo-shown]").replaceChildren(...picture);
  (box.closest("form").elements[box.dataset.photo] ?? none).value = words;
  box.querySelector("[data-photo-drop]").hidden = picture.length === 0;
  box.querySelector("[data-pick]").focus();
}

function picked(field, item) {
  const image = new Image();
  image.src = item.thumb;
  image.alt = item.alt;
  const link = document.createElement("a");
  link.href = `/admin/tep/${item.id}`;
  link.textContent = item.name;
  show(field.closest("[data-photo]"), [image, " ", link], item.alt);
}

boxes.forEach(watch);
for (const form of new Set(boxes.map((box) => box.closest("form")))) watchLibrary(form, () => "anh", picked);
