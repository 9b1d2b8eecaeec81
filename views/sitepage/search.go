package sitepage

import (
	"congso/store/model"
	"congso/views/layout"
)

// KindValue is the value of the search filter for a kind.
func KindValue(kind model.Kind) string {
	switch kind {
	case model.KindNews:
		return "tin-tuc"
	case model.KindMeeting:
		return "hoi-nghi"
	case model.KindArticle:
		return "bai-viet"
	case model.KindPerson:
		return "nguoi"
	case model.KindUnit:
		return "don-vi"
	}
	return ""
}

// HitPath is the Vietnamese path of a record found.
func HitPath(hit model.SearchHit) string {
	switch hit.Kind {
	case model.KindNews:
		return "/tin-tuc/" + hit.Ref
	case model.KindMeeting:
		return "/hoi-nghi/" + hit.Ref
	case model.KindArticle:
		return "/bai-viet/" + hit.Ref
	case model.KindPerson:
		return "/danh-ba/nguoi/" + hit.Ref
	}
	return "/danh-ba/" + hit.Ref
}

// hitLang is the language of a hit's words: only articles exist in both.
func hitLang(p layout.Page, hit model.SearchHit) string {
	if hit.Kind == model.KindArticle {
		return p.Lang
	}
	return p.WordsLang()
}
