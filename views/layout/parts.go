package layout

import (
	"context"
	"strings"
	"sync"

	"github.com/a-h/templ"
)

// Parts keeps the markup that all pages of a frame share, rendered when the first of them needs it. Its zero value keeps nothing yet; it is
// safe for concurrent use. It must go when the frame does: what it keeps is never made anew.
type Parts struct {
	mu       sync.Mutex
	rendered map[string]string
	links    []MenuLink // without marks
}

// mostParts is how many parts a frame keeps before it keeps none of pages, of which there could be any number.
const (
	mostParts = 256
	pagePart  = "page "
)

// Part is the markup of what render makes of the page, kept under key where the frame keeps parts. All that it hangs on must be the frame's,
// or in the key.
func (p Page) Part(key string, render func(Page) templ.Component) (string, error) {
	return p.part(pagePart+key, render)
}

// part is Part for what belongs to the frame.
func (p Page) part(key string, render func(Page) templ.Component) (string, error) {
	if p.Parts == nil {
		return markup(render(p))
	}
	if text, ok := p.Parts.find(key); ok {
		return text, nil
	}
	text, err := markup(render(p))
	if err == nil {
		p.Parts.keep(key, text)
	}
	return text, err
}

func markup(part templ.Component) (string, error) {
	var b strings.Builder
	err := part.Render(context.Background(), &b)
	return b.String(), err
}

func (s *Parts) find(key string) (text string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, ok = s.rendered[key]
	return text, ok
}

func (s *Parts) keep(key, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rendered == nil {
		s.rendered = map[string]string{}
	}
	if len(s.rendered) < mostParts || !strings.HasPrefix(key, pagePart) {
		s.rendered[key] = text
	}
}

// menu is what links returns, which is asked for once.
func (s *Parts) menu(links func() []MenuLink) []MenuLink {
	if s == nil {
		return links()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.links == nil {
		s.links = links()
	}
	return s.links
}

// menu is the markup of the menu on top of the page.
func (p Page) menu() (string, error) {
	links := p.Menu()
	key := []byte("menu ")
	for _, link := range links {
		key = append(key, mark(link.Link))
		for _, below := range link.Below {
			key = append(key, mark(below))
		}
	}
	return p.part(string(key), func(Page) templ.Component { return menuList(links) })
}

// term is the markup of a list's term with the words of key.
func (p Page) term(key string) (string, error) {
	return p.part(key, func(p Page) templ.Component { return term(p.T(key)) })
}

func mark(link Link) byte {
	if link.Current {
		return '+'
	}
	return '-'
}
