package web

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-vcard"

	"congso/store/model"
)

// Card is the vCard 4.0 (RFC 6350) of a person: current posts, and all numbers that the person has here. base is the scheme and host of
// links.
func Card(site model.Site, base string, today model.Day, person model.Person) vcard.Card {
	card := vcard.Card{}
	card.SetValue(vcard.FieldVersion, "4.0")
	card.SetValue(vcard.FieldFormattedName, person.Name)
	card.SetName(vcardName(person))
	for _, post := range person.Posts {
		if post.Current(today) {
			card.AddValue(vcard.FieldTitle, post.Title)
			card.AddValue(vcard.FieldOrganization, orgPart(site.Name)+";"+orgPart(post.UnitName))
		}
	}
	for _, n := range person.Numbers {
		card.Add(vcard.FieldTelephone, &vcard.Field{Value: model.TelURI(n.E164), Params: vcard.Params{"VALUE": {"uri"}, "TYPE": telTypes(n.Kind)}})
	}
	if person.Email != "" {
		card.Add(vcard.FieldEmail, &vcard.Field{Value: person.Email, Params: vcard.Params{"TYPE": {"work"}}})
	}
	if base != "" { // a copy in files may have no address
		card.SetValue(vcard.FieldURL, base+"/danh-ba/nguoi/"+person.Slug)
	}
	return card
}

// orgPart is a name as a part of ORG: the writer has no escape for the semicolon that stands between the parts.
func orgPart(name string) string { return strings.ReplaceAll(name, ";", ",") }

// vcardName splits a Vietnamese name: family name first, given name last, the rest between.
func vcardName(person model.Person) *vcard.Name {
	words := strings.Fields(person.Name)
	n := &vcard.Name{HonorificPrefix: person.Honorific}
	if len(words) > 0 {
		n.GivenName = words[len(words)-1]
	}
	if len(words) > 1 {
		n.FamilyName = words[0]
		n.AdditionalName = strings.Join(words[1:len(words)-1], " ")
	}
	return n
}

func telTypes(kind model.NumberKind) []string {
	switch kind {
	case model.NumberMobile:
		return []string{"work", "cell"}
	case model.NumberFax:
		return []string{"work", "fax"}
	}
	return []string{"work", "voice"}
}

// FoldCard breaks lines of more than 75 octets, between characters (RFC 6350, 3.2). The QR code's card stays as it is: cameras read folds
// as text.
func FoldCard(card []byte) []byte {
	const most = 75
	var b bytes.Buffer
	length := 0
	for _, r := range string(card) {
		switch size := utf8.RuneLen(r); {
		case r == '\r' || r == '\n':
			length = 0
		case length+size > most:
			b.WriteString("\r\n ")
			length = 1 + size
		default:
			length += size
		}
		b.WriteRune(r)
	}
	return b.Bytes()
}
