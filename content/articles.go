package content

import "embed"

// shipped are the articles that come with the program.
//
//go:embed articles
var shipped embed.FS
