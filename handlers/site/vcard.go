package site

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/emersion/go-vcard"

	"congso/handlers/web"
	"congso/store/model"
)

// card is the person's card with official numbers only: staff too hand on what is public.
func (s *Site) card(site model.Site, person model.Person) vcard.Card {
	person.Numbers = slices.DeleteFunc(slices.Clone(person.Numbers), func(n model.Number) bool { return !n.Official })
	return web.Card(site, s.Base, s.Store.Today(), person)
}

func encodeCard(card vcard.Card) ([]byte, error) {
	var b bytes.Buffer
	if err := vcard.NewEncoder(&b).Encode(card); err != nil {
		return nil, fmt.Errorf("vCard: %w", err)
	}
	return b.Bytes(), nil
}

func (s *Site) vCard(c web.Ctx, site model.Site, person model.Person) error {
	data, err := encodeCard(s.card(site, person))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+person.Slug+`.vcf"`)
	return c.Blob(200, "text/vcard; charset=utf-8", web.FoldCard(data))
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
func (s *Site) qr(c web.Ctx, site model.Site, person model.Person) error {
	card := s.card(site, person)
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
