// The library's dialog: a file is picked there instead of typing its number. A button [data-pick] names the field that takes the number.

// reveal shows the buttons in place that open the library.
export function reveal(place) {
  for (const button of place.querySelectorAll("[data-pick]")) button.hidden = false;
}

// watchLibrary opens the page's dialog for the buttons of form. kindOf says whether a field takes pictures ("anh") or other files ("tep");
// picked is called with the field and the file once its number stands in the field.
export function watchLibrary(form, kindOf, picked) {
  const library = document.querySelector("dialog[data-library]");
  const words = library.querySelector("input");
  const picks = library.querySelector("[data-picks]");
  let target = null; // the field that asks
  let timer = 0;

  const search = async () => {
    picks.textContent = "Đang mở thư viện…";
    try {
      const query = new URLSearchParams({ loai: kindOf(target), q: words.value });
      const response = await fetch(`/admin/tep/chon?${query}`, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(String(response.status));
      const { items } = await response.json();
      picks.replaceChildren(...items.map((item) => choice(item, take)));
      if (items.length === 0) picks.textContent = "Không có tệp nào như vậy.";
    } catch {
      picks.textContent = "Chưa mở được thư viện. Xin thử lại, hoặc gõ số của tệp.";
    }
  };
  const take = (item) => {
    target.value = String(item.id);
    library.close();
    target.focus();
    picked(target, item);
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pick]");
    if (!button) return;
    target = form.elements[button.dataset.pick];
    words.value = "";
    library.showModal();
    search();
  });
  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 300);
  });
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // it would close the dialog
    search();
  });
}

function choice(item, take) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  if (item.thumb) {
    const image = new Image();
    image.src = item.thumb;
    image.alt = "";
    button.append(image);
  }
  button.append(item.name);
  button.addEventListener("click", () => take(item));
  return button;
}
