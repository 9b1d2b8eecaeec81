// The ways in which an item begins: a Word document dropped or picked, with progress, and rich text from the clipboard.

const word = document.querySelector("form[data-word]");
const pasted = document.querySelector("form[data-pasted]");
if (word) takeWord(word);
if (pasted) takeHTML(pasted);

function takeWord(form) {
  const zone = form.querySelector("[data-drop]");
  const input = form.elements.file;
  const part = (name) => form.querySelector(`[data-${name}]`);
  form.querySelector("[data-drop-hint]").hidden = false;

  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });

  function send() {
    const request = new XMLHttpRequest(); // fetch tells nothing of an upload's progress
    const progress = part("progress");
    const button = form.querySelector("[type=submit]");
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      progress.value = Math.floor((100 * event.loaded) / event.total);
      if (event.loaded < event.total) return;
      progress.removeAttribute("value"); // how long reading takes is not known
      part("said").textContent = "Đã gửi xong, đang đọc văn bản và ảnh…";
    });
    request.addEventListener("load", () => {
      if (request.status === 201) return location.assign(request.response.location);
      fail(request.response?.message ?? (request.status === 401 ? "Phiên làm việc đã hết. Xin đăng nhập lại trong thẻ mới rồi thử lại." : "Máy chủ chưa đọc được tệp này."));
    });
    request.addEventListener("error", () => fail("Mất kết nối với máy chủ. Xin thử lại."));
    part("fault").textContent = "";
    part("said").textContent = "Đang tải tệp lên…";
    progress.value = 0;
    progress.hidden = false;
    button.disabled = true;
    request.send(new FormData(form));

    function fail(text) {
      progress.hidden = true;
      button.disabled = false;
      part("said").textContent = "";
      part("fault").textContent = text;
      input.focus();
    }
  }
}

function takeHTML(form) {
  const { html, text } = form.elements;
  let pasting = false;
  text.addEventListener("paste", (event) => {
    if (text.value.trim() !== "" && text.selectionEnd - text.selectionStart < text.value.length) return;
    html.value = event.clipboardData.getData("text/html");
    pasting = html.value !== "";
  });
  text.addEventListener("input", () => {
    if (!pasting) html.value = ""; // typed over: what is seen counts
    pasting = false;
  });
}
