// Uploads: send() for whoever has a file to send; a place to drop files on the upload page, with progress and words for each file.

const address = "/admin/tep/tai-len";

// send uploads one file and resolves to what the server says of it: id, address, width, height, name, markdown and more. It rejects with
// an Error whose message may be shown. words may hold alt, caption and credit; progress is called with 0 to 100.
export function send(file, words = {}, progress = () => {}) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    for (const [name, text] of Object.entries(words)) form.append(name, text);
    form.append("file", file, file.name || "anh-dan.png");
    const request = new XMLHttpRequest(); // fetch tells nothing of an upload's progress
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(Math.floor((100 * event.loaded) / event.total));
    });
    request.addEventListener("load", () => {
      if (request.status === 201) resolve(request.response);
      else reject(new Error(request.response?.message ?? fault(request.status)));
    });
    request.addEventListener("error", () => reject(new Error("Mất kết nối với máy chủ. Xin thử lại.")));
    request.send(form);
  });
}

function fault(status) {
  switch (status) {
    case 401:
      return "Phiên làm việc đã kết thúc. Xin đăng nhập lại trong một thẻ khác rồi gửi lại.";
    case 403:
      return "Tài khoản này không được tải tệp lên.";
    case 413:
      return "Tệp lớn quá mức cho phép.";
  }
  return "Máy chủ chưa nhận được tệp. Xin thử lại sau ít phút.";
}

// tooLarge says why a file need not be sent at all, "" when it may.
function tooLarge(file, limits) {
  const photo = /^image\//.test(file.type);
  const most = Number(photo ? limits.maxPhoto : limits.maxFile);
  return file.size > most ? `Tệp lớn quá ${Math.floor(most / 1048576)} MB.` : "";
}

const form = document.querySelector("form[data-upload]");
const list = document.querySelector("form[data-uploads]");
if (form && list) enhance();

function enhance() {
  const input = form.querySelector("[type=file]");
  const drop = form.querySelector(".drop");
  let queue = Promise.resolve(); // one after the other: the server draws one picture at a time

  const take = (files) => {
    for (const file of files) {
      const row = addRow(file);
      queue = queue.then(() => upload(file, row));
    }
  };

  form.querySelector("[type=submit]").hidden = true;
  form.querySelector("[data-drop-hint]").hidden = false;
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take([...event.dataTransfer.files]);
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) take([...event.clipboardData.files]);
  });
}

function addRow(file) {
  const row = list.querySelector("template").content.firstElementChild.cloneNode(true);
  row.querySelector(".name").textContent = file.name;
  const bar = row.querySelector("progress");
  bar.setAttribute("aria-label", `Đang gửi ${file.name}`);
  list.querySelector(".rows").append(row);
  list.hidden = false;
  return row;
}

async function upload(file, row) {
  const bar = row.querySelector("progress");
  const said = row.querySelector(".said");
  const refused = tooLarge(file, form.dataset);
  try {
    if (refused) throw new Error(refused);
    said.textContent = "Đang gửi…";
    const stored = await send(file, {}, (percent) => {
      bar.value = percent;
      if (percent === 100) said.textContent = "Đã gửi xong, máy chủ đang xử lý…";
    });
    showStored(row, stored);
  } catch (error) {
    said.textContent = "";
    row.querySelector(".fault-text").textContent = error.message;
  }
  bar.remove();
}

function showStored(row, stored) {
  row.querySelector(".said").textContent = stored.notice ? `Đã lưu. ${stored.notice}` : "Đã lưu.";
  const link = document.createElement("a");
  link.href = `/admin/tep/${stored.id}`;
  link.textContent = stored.name;
  row.querySelector(".name").replaceChildren(link);
  const thumb = row.querySelector(".thumb");
  if (stored.thumb) {
    const picture = new Image();
    picture.alt = "";
    picture.src = stored.thumb;
    thumb.append(picture);
  } else {
    thumb.classList.add("kind");
    thumb.textContent = stored.name.split(".").pop().toUpperCase();
  }
  const id = document.createElement("input");
  id.type = "hidden";
  id.name = "id";
  id.value = stored.id;
  row.append(id);
  showWords(row, stored);
}

function showWords(row, stored) {
  const words = row.querySelector(".words");
  for (const field of words.querySelectorAll("[data-word]")) {
    const word = field.dataset.word;
    if (word === "alt" && !stored.thumb) {
      field.remove();
      continue;
    }
    const input = field.querySelector("input");
    input.name = `${word}_${stored.id}`;
    input.id = `f_${input.name}`;
    input.value = stored[word] ?? "";
    field.querySelector("label").htmlFor = input.id;
  }
  words.hidden = false;
}
