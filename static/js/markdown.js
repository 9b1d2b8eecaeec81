// Changes of a text area that holds Markdown, each of which the browser's undo takes back in one step.

// replace puts text in the place of area's characters from start to end and selects from, to within it.
export function replace(area, start, end, text, from = text.length, to = from) {
  area.focus();
  area.setSelectionRange(start, end);
  const done = text === "" ? start === end || document.execCommand("delete") : document.execCommand("insertText", false, text);
  if (!done) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  area.setSelectionRange(start + from, start + to);
}

// wrap puts mark on both sides of what is selected, or takes it off; without a selection the words are offered to be typed over.
export function wrap(area, mark, words) {
  let { selectionStart: start, selectionEnd: end, value } = area;
  while (start < end && /\s/.test(value[start])) start++;
  while (end > start && /\s/.test(value[end - 1])) end--;
  const selected = value.slice(start, end);
  const n = mark.length;
  const outside = value.slice(start - n, start) === mark && value.slice(end, end + n) === mark;
  const longer = value[start - n - 1] === mark[0] && n === 1 && value[start - 3] !== mark[0];
  if (selected && outside && !longer) return replace(area, start - n, end + n, selected, 0, selected.length);
  if (selected.length > 2 * n && selected.startsWith(mark) && selected.endsWith(mark) && !(n === 1 && selected.startsWith(mark + mark))) {
    const bare = selected.slice(n, -n);
    return replace(area, start, end, bare, 0, bare.length);
  }
  const text = selected || words;
  replace(area, start, end, mark + text + mark, n, n + text.length);
}

// lines gives each selected line a new beginning: change is called with the line, without a mark of an earlier heading, list or quote,
// its number from 0 and the mark that it had.
export function lines(area, change) {
  const { value } = area;
  const start = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  let end = value.indexOf("\n", Math.max(area.selectionEnd - (area.selectionEnd > area.selectionStart ? 1 : 0), start));
  if (end < 0) end = value.length;
  let number = 0;
  const text = value
    .slice(start, end)
    .split("\n")
    .map((line) => {
      if (line.trim() === "" && end > start) return line;
      const [, mark, rest] = line.match(/^(#{1,6} |[-*] |\d+\. |> )?(.*)$/);
      return change(rest, number++, mark ?? "");
    })
    .join("\n");
  replace(area, start, end, text, 0, text.length);
  if (!text.includes("\n")) area.setSelectionRange(start + text.length, start + text.length);
}

// block puts text on lines of its own, with an empty line on both sides, in the place of what is selected.
export function block(area, text, from, to) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const before = value.slice(0, start);
  const after = value.slice(end);
  const lead = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const tail = after === "" ? "\n" : after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  const at = from === undefined ? [lead.length + text.length] : [lead.length + from, lead.length + to];
  replace(area, start, end, lead + text + tail, ...at);
}

// words makes text safe to stand within the brackets of a link or picture.
export const words = (text) => text.replace(/\s+/g, " ").trim().replace(/[\\[\]]/g, "\\$&");

// picture is a picture with its alternative text and its caption.
export function picture(address, alt, caption) {
  const title = caption.trim() ? ` "${caption.replace(/\s+/g, " ").trim().replace(/[\\"]/g, "\\$&")}"` : "";
  return `![${words(alt)}](${address}${title})`;
}

// table is an empty table with a head, and where the first word of it stands.
export function table(rows, columns) {
  const row = (cells) => `| ${cells.join(" | ")} |`;
  const list = (fill) => Array.from({ length: columns }, fill);
  const text = [row(list((_, i) => `Cột ${i + 1}`)), row(list(() => "---")), ...Array.from({ length: rows }, () => row(list(() => "   ")))].join("\n");
  return { text, from: 2, to: 7 };
}

// footnote puts a mark at the cursor and its note at the end of the text, where the cursor goes.
export function footnote(area) {
  const used = [...area.value.matchAll(/\[\^(\d+)\]/g)].map((m) => Number(m[1]));
  const mark = `[^${Math.max(0, ...used) + 1}]`;
  const { selectionEnd: at, value } = area;
  const rest = value.slice(at).replace(/\n+$/, "");
  const gap = /(^|\n)\[\^\d+\]:[^\n]*$/.test(value.slice(0, at) + rest) ? "\n" : "\n\n";
  const note = "Nội dung chú thích";
  const text = `${mark}${rest}${gap}${mark}: ${note}`;
  replace(area, at, value.length, text + "\n", text.length - note.length, text.length);
}

// showLine puts the cursor into the line of that number, from 1, and brings it into sight.
export function showLine(area, number) {
  const all = area.value.split("\n");
  const start = all.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(start, start + (all[number - 1] ?? "").length);
  area.scrollTop = Math.max(0, (area.scrollHeight / all.length) * (number - 4));
  area.scrollIntoView({ block: "center" });
}
