package store

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"unicode"

	"congso/store/model"
)

// leaderRank is the last rank of the department's leaders: its head is 1, the deputies are 2.
const leaderRank = 2

// Leaders are the people of a directory whose current post is of rank 1 or 2, by rank and name, with official numbers only.
func Leaders(d model.Directory) []model.Person {
	list := filter(d.People, func(p model.Person) bool { return len(p.Posts) > 0 && p.Posts[0].Rank <= leaderRank })
	for i := range list {
		list[i].Numbers = filter(list[i].Numbers, func(n model.Number) bool { return n.Official })
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Posts[0].Rank < list[j].Posts[0].Rank })
	return list
}

// QuickDirectory returns the short directory that stands beside every page: the leaders, and the standing units that have an official
// office number or hotline, with these numbers.
func (r *Reader) QuickDirectory(ctx context.Context) (leading, offices []model.QuickEntry, err error) {
	directory, err := r.Directory(ctx, model.Viewer{})
	if err != nil {
		return nil, nil, fmt.Errorf("quick directory: %w", err)
	}
	for _, p := range Leaders(directory) {
		leading = append(leading, model.QuickEntry{
			Name: p.Name, NameEN: p.Name, Post: p.Posts[0].Title, PostEN: p.Posts[0].TitleEN, Path: "nguoi/" + p.Slug, Numbers: p.Numbers,
		})
	}
	for _, u := range directory.Units {
		numbers := filter(u.Numbers, func(n model.Number) bool { return n.Kind == model.NumberHotline || n.Kind == model.NumberOffice })
		if len(numbers) > 0 {
			offices = append(offices, model.QuickEntry{Name: u.Name, NameEN: u.NameEN, Path: u.Slug, Numbers: numbers})
		}
	}
	return leading, offices, nil
}

// FindContacts returns what of the directory matches text: all its words, with accents or without, in the names of a unit or in a
// person's name, posts and units; or, when text has no letters, at least three digits that stand in a number which v may see.
// Empty text finds nothing.
func (r *Reader) FindContacts(ctx context.Context, v model.Viewer, text string) (model.Directory, error) {
	words, digits := nameWords(text), typedDigits(text)
	if len(words) == 0 {
		return model.Directory{}, nil
	}
	directory, err := r.Directory(ctx, v)
	if err != nil {
		return model.Directory{}, fmt.Errorf("contacts: %w", err)
	}
	matches := func(numbers []model.Number, names ...string) bool {
		return holdsDigits(numbers, digits) || holdsWords(words, names)
	}
	return model.Directory{
		Units:  filter(directory.Units, func(u model.Unit) bool { return matches(u.Numbers, u.Name, u.NameEN) }),
		People: filter(directory.People, func(p model.Person) bool { return matches(p.Numbers, personNames(p)...) }),
	}, nil
}

// typedDigits are the digits of a telephone number or a part of one, "" when text has letters.
func typedDigits(text string) string {
	if strings.ContainsFunc(text, unicode.IsLetter) {
		return ""
	}
	return model.PhoneDigits(text)
}

func personNames(p model.Person) []string {
	names := []string{p.Name}
	for _, post := range p.Posts {
		names = append(names, post.Title, post.TitleEN, post.UnitName, post.UnitEN)
	}
	return names
}

func holdsWords(words, texts []string) bool {
	folded := model.Fold(strings.Join(texts, "\n"))
	for _, word := range words {
		if !strings.Contains(folded, word) {
			return false
		}
	}
	return true
}

func holdsDigits(numbers []model.Number, digits string) bool {
	if len(digits) < 3 {
		return false
	}
	for _, n := range numbers {
		if strings.Contains(model.PhoneDigits(n.E164), digits) {
			return true
		}
	}
	return false
}

// nameWords are the folded words of a filter, at most 12.
func nameWords(text string) []string {
	words := strings.Fields(model.Fold(model.Clean(text)))
	return words[:min(len(words), 12)]
}
