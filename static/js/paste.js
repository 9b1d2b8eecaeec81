// Pasting and dropping into the text: what Word and web pages put on the clipboard becomes Markdown on the server, pictures are uploaded.

import { block, replace } from "./markdown.js";
import { askPicture, isPicture } from "./pictures.js";

// takePaste lets area take rich text, pictures and Word documents.
export function takePaste(form, area) {
  const path = form.dataset.editor;
  const notes = document.querySelector("[data-notes]");

  area.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    const html = data.getData("text/html");
    const pictures = [...data.files].filter(isPicture);
    const rich = html && hasForm(html);
    if (!rich && pictures.length === 0) return;
    event.preventDefault();
    if (rich) return convert("/dan", new URLSearchParams({ html }), () => data.getData("text/plain") || plainOf(html));
    take(pictures);
  });
  area.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  area.addEventListener("drop", (event) => {
    const files = [...event.dataTransfer.files];
    if (files.length === 0) return;
    event.preventDefault();
    const document = files.find((f) => /\.docx$/i.test(f.name));
    if (document) return importWord(document);
    const pictures = files.filter(isPicture);
    if (pictures.length) return take(pictures);
    tell(["Kéo thả vào đây được ảnh (JPEG, PNG, WebP, GIF) và tệp Word (.docx). Tệp khác xin thêm ở mục Tệp đính kèm."]);
  });

  async function take(pictures) {
    for (const file of pictures) if (!(await askPicture(area, file))) return;
  }

  function importWord(file) {
    const data = new FormData();
    data.append("file", file, file.name);
    return convert("/word", data, () => "");
  }

  async function convert(action, body, plain) {
    const { selectionStart: start, selectionEnd: end } = area;
    area.setAttribute("aria-busy", "true");
    tell(["Đang chuyển nội dung…"]);
    try {
      const response = await fetch(path + action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (response.status === 401) throw new Error("Phiên làm việc đã hết nên chỉ dán được chữ thường. Xin đăng nhập lại trong thẻ mới rồi dán lại.");
      const answer = await response.json().catch(() => ({}));
      if (!response.ok) throw new Error(answer.message || "Máy chủ chưa chuyển được nội dung này.");
      const text = answer.repaired ? await chooseEncoding(answer) : answer.markdown;
      tell(text === null ? [] : answer.notes);
      area.setSelectionRange(start, end);
      if (text) insert(text);
    } catch (error) {
      const text = plain();
      if (text) replace(area, start, end, text);
      tell([error instanceof TypeError ? "Mất kết nối với máy chủ nên chỉ dán được chữ thường." : error.message]);
    } finally {
      area.removeAttribute("aria-busy");
    }
  }

  function insert(text) {
    if (!text.includes("\n") && !/^(#|[-*] |\d+\. |>|!\[|\|)/.test(text)) return replace(area, area.selectionStart, area.selectionEnd, text);
    block(area, text);
  }

  function tell(list) {
    notes.replaceChildren(
      ...list.map((text) => {
        const p = document.createElement("p");
        p.className = "note";
        p.textContent = text;
        return p;
      }),
    );
  }
}

// chooseEncoding shows a text in an encoding from before Unicode as it came and as it was repaired; null when none is wanted.
function chooseEncoding(answer) {
  const dialog = document.querySelector('dialog[data-dialog="legacy"]');
  dialog.querySelector("[data-before]").textContent = answer.original;
  dialog.querySelector("[data-after]").textContent = answer.markdown;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const choice = () => ({ after: answer.markdown, before: answer.original })[dialog.returnValue] ?? null;
    dialog.addEventListener("close", () => resolve(choice()), { once: true });
  });
}

// plainOf is about what a reader would see of HTML. It is not parsed here: even in a document apart, the styles in it would offend the
// page's policy.
function plainOf(html) {
  const text = html.replace(/<(style|script|title)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->/gi, "").replace(/<[^>]*>/g, "");
  return text.replace(/&nbsp;/g, " ").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&").trim();
}

// hasForm reports whether there is more to it than plain words: a lone picture is taken as the file that comes with it.
function hasForm(html) {
  return plainOf(html) !== "" && /<(p|h[1-6]|ul|ol|table|blockquote|a|b|strong|i|em|br|div|img|pre)[\s>/]/i.test(html);
}
