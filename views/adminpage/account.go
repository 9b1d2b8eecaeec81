package adminpage

import (
	"slices"
	"strings"

	"congso/store/model"
)

// Question is what the password is asked for.
type Question struct{ Title, Text, Action, Button string }

// AccountData is what is one's own.
type AccountData struct {
	Sessions  []model.Session
	Current   string // key of this session
	CodesLeft int    // recovery codes
	Needed    bool   // the role must have a second factor
	Exempt    bool   // the sample data's accounts need none
}

// grouped is a secret in groups of four, as people copy it.
func grouped(secret string) string {
	var parts []string
	for part := range slices.Chunk([]byte(secret), 4) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, " ")
}

// Device is what people call the browser and the machine that name themselves so.
func Device(agent string) string {
	browser := firstIn(agent, [][2]string{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"coc_coc", "Cốc Cốc"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"},
		{"Chrome", "Chrome"}, {"CriOS", "Chrome"}, {"Safari", "Safari"},
	}, "Trình duyệt khác")
	system := firstIn(agent, [][2]string{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "máy Mac"}, {"CrOS", "Chromebook"}, {"Linux", "Linux"},
	}, "thiết bị khác")
	return browser + " trên " + system
}

// firstIn is the name that goes with the first of the signs that stands in text.
func firstIn(text string, signs [][2]string, otherwise string) string {
	for _, s := range signs {
		if strings.Contains(text, s[0]) {
			return s[1]
		}
	}
	return otherwise
}
