package content

// words are the few words that rendering itself puts into a page.
type words struct {
	table, note, back, done, open string
}

func wordsIn(lang string) words {
	if lang == "en" {
		return words{table: "Table", note: "Note", back: "Back to the reference of note", done: "Done", open: "Not done"}
	}
	return words{table: "Bảng", note: "Chú thích", back: "Về chỗ dẫn chú thích", done: "Đã xong", open: "Chưa xong"}
}
