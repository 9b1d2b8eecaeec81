package model

// Rendered is what Markdown becomes when it is saved.
type Rendered struct {
	HTML  string
	Text  string   // without marks, for search and snippets
	Media []string // hashes of the media files that the text uses, each once
}

// Renderer turns Markdown into HTML that is safe to show. Version grows whenever its output changes.
type Renderer struct {
	Version int
	Render  func(markdown string) (Rendered, error)
}
