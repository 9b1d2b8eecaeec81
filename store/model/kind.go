package model

// Kind names a type of record, in the database, in search filters and in the audit trail.
type Kind string

// The kinds of records.
const (
	KindSection Kind = "section"
	KindNews    Kind = "news"
	KindMeeting Kind = "meeting"
	KindUnit    Kind = "unit"
	KindPerson  Kind = "person"
	KindArticle Kind = "article"
	KindMedia   Kind = "media"
	KindSetting Kind = "setting"
	KindLink    Kind = "linked_site"
	KindMoved   Kind = "redirect"
	KindUser    Kind = "user"
	KindMenu    Kind = "menu"
	KindAudit   Kind = "audit" // the trail itself: entries that were removed
)

// SearchKinds are the kinds that search finds, in the order in which its filter shows them.
func SearchKinds() []Kind {
	return []Kind{KindNews, KindMeeting, KindArticle, KindPerson, KindUnit}
}
