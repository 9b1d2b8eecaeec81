package model

import (
	"errors"
	"testing"
	"time"
)

func TestAddresses(t *testing.T) {
	for address, want := range map[string]struct{ local, web bool }{
		"/":                   {true, false},
		"/tin-tuc/a?trang=2":  {true, false},
		"/đường dây":          {true, false},
		"":                    {},
		"tin-tuc":             {},
		"//evil.example":      {},
		`/\evil.example`:      {},
		`/a\b`:                {},
		"/%2Fevil.example":    {},
		"/%5Cevil.example":    {},
		"javascript:alert(1)": {},
		"https://a.vn/b?c=d":  {false, true},
		"http://a.vn":         {false, true},
		"https://":            {},
		"https://u@a.vn":      {},
		`https://a.vn\b`:      {},
		"ftp://a.vn":          {},
	} {
		if LocalPath(address) != want.local || WebAddress(address) != want.web {
			t.Errorf("%q: local %v, web %v", address, LocalPath(address), WebAddress(address))
		}
		link := LinkedSite{Name: "Tên", URL: address}
		task := Meeting{Title: "A", Kind: "họp", Start: time.Unix(1, 0), Tasks: []Task{{Text: "B", Proof: address}},
			Lifecycle: Lifecycle{Status: StatusDraft, Visibility: Public}}
		var invalid Invalid
		if refused := errors.As(link.Validate(), &invalid); refused == (want.local || want.web) {
			t.Errorf("linked site %q: %v", address, invalid)
		}
		invalid = nil
		if refused := errors.As(task.Validate(), &invalid); refused == (address == "" || want.local || want.web) {
			t.Errorf("proof %q: %v", address, invalid)
		}
	}
}
