package sitepage

import (
	"congso/store/model"
	"congso/views/layout"
)

func hasFormer(person model.Person, today model.Day) bool {
	for _, post := range person.Posts {
		if !post.Current(today) {
			return true
		}
	}
	return false
}

// postTime is "05/07/2020 – 01/02/2023".
func postTime(p layout.Page, post model.Post) string {
	from, until := "…", "…"
	if post.From != "" {
		from = p.Day(post.From)
	}
	if post.Until != "" {
		until = p.Day(post.Until)
	}
	return from + " – " + until
}
