// Small questions in dialogs that stand in the page.

// ask opens a dialog and resolves to its fields by name once it was answered, to null when it was closed.
export function ask(dialog, values = {}) {
  const form = dialog.querySelector("form");
  form.reset();
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => resolve(dialog.returnValue && dialog.returnValue !== "no" ? { ...Object.fromEntries(new FormData(form)), pressed: dialog.returnValue } : null),
      { once: true },
    );
  });
}

for (const button of document.querySelectorAll("dialog button[data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close("no"));
}
