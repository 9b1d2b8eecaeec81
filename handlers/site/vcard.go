package site

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/emersion/go-vcard"

	"congso/handlers/web"
	"congso/store/model"
)

// card is the vCard 4.0 (RFC 6350) of a person: current posts and official numbers only.
func (s *Site) card(c web.Ctx, person model.Person) (vcard.Card, error) {
	site, err := s.Store.Site(c.Request().Context())
	if err != nil {
		return nil, err
	}
	card := vcard.Card{}
	card.SetValue(vcard.FieldVersion, "4.0")
	card.SetValue(vcard.FieldFormattedName, person.Name)
	card.SetName(vcardName(person))
	for _, post := range person.Posts {
		if post.Current(s.Store.Today()) {
			card.AddValue(vcard.FieldTitle, post.Title)
			card.AddValue(vcard.FieldOrganization, orgPart(site.Name)+";"+orgPart(post.UnitName))
		}
	}
	for _, n := range person.Numbers {
		if n.Official {
			card.Add(vcard.FieldTelephone, &vcard.Field{Value: model.TelURI(n.E164), Params: vcard.Params{"VALUE": {"uri"}, "TYPE": telTypes(n.Kind)}})
		}
	}
	if person.Email != "" {
		card.Add(vcard.FieldEmail, &vcard.Field{Value: person.Email, Params: vcard.Params{"TYPE": {"work"}}})
	}
	card.SetValue(vcard.FieldURL, s.Base+"/danh-ba/nguoi/"+person.Slug)
	return card, nil
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

func encodeCard(card vcard.Card) ([]byte, error) {
	var b bytes.Buffer
	if err := vcard.NewEncoder(&b).Encode(card); err != nil {
		return nil, fmt.Errorf("vCard: %w", err)
	}
	return b.Bytes(), nil
}

func (s *Site) vCard(c web.Ctx, person model.Person) error {
	card, err := s.card(c, person)
	if err != nil {
		return err
	}
	data, err := encodeCard(card)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+person.Slug+`.vcf"`)
	return c.Blob(200, "text/vcard; charset=utf-8", folded(data))
}

// folded breaks lines of more than 75 octets, between characters (RFC 6350, 3.2). The QR code's card stays as it is: cameras read folds
// as text.
func folded(card []byte) []byte {
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

// encodeQR is the card as a QR code, which holds some 2,300 bytes: of a longer card the posts are left out, then the numbers.
func encodeQR(card vcard.Card) (barcode.Barcode, error) {
	for _, left := range [][]string{nil, {vcard.FieldTitle, vcard.FieldOrganization}, {vcard.FieldTelephone, vcard.FieldEmail}} {
		for _, field := range left {
			delete(card, field)
		}
		data, err := encodeCard(card)
		if err != nil {
			return nil, err
		}
		if code, err := qr.Encode(string(data), qr.M, qr.Unicode); err == nil {
			return code, nil
		}
	}
	return nil, errors.New("the name alone is too long")
}

// qr draws the person's card as a QR code. Version 3.0 of vCard is what most phones' cameras read.
func (s *Site) qr(c web.Ctx, person model.Person) error {
	card, err := s.card(c, person)
	if err != nil {
		return err
	}
	card.SetValue(vcard.FieldVersion, "3.0")
	for _, tel := range card[vcard.FieldTelephone] {
		tel.Value, tel.Params = strings.TrimPrefix(tel.Value, "tel:"), vcard.Params{"TYPE": {"WORK"}}
	}
	code, err := encodeQR(card)
	if err != nil {
		return fmt.Errorf("QR code of %q: %w", person.Slug, err)
	}
	return c.Blob(200, "image/svg+xml", web.QR(code))
}
