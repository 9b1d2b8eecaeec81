package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"strings"

	"congso/content"
	"congso/handlers"
	"congso/store"
	"congso/store/model"
)

// rememberedLinks is how many answers are kept, so that an address is looked at once.
const rememberedLinks = 100_000

// linkCheck looks for links of the portal to places of its own where nothing is. Nothing is fetched.
type linkCheck struct {
	*examination
	own     string // the portal's host, "" when it has no public address
	there   func(ctx context.Context, path string) (bool, error)
	answers map[string]bool
	seen    int
	abroad  int // links that lead elsewhere
}

func (e *examination) links(ctx context.Context) (string, error) {
	log := slog.New(slog.DiscardHandler)
	library, err := content.Open(e.config.Content, log)
	if err != nil {
		return "", err
	}
	public, err := e.config.public()
	if err != nil {
		return "", err
	}
	options := handlers.Options{Store: e.store, Content: library, Hits: store.NewHitBuffer(e.store), Log: log, Demo: e.demo}
	c := linkCheck{examination: e, there: handlers.Answers(options), answers: map[string]bool{}}
	if public != nil {
		c.own = public.Host
	}
	if err := e.store.EachLinked(ctx, func(l store.Linked) error { return c.look(ctx, l) }); err != nil {
		return "", err
	}
	for _, a := range library.All() {
		if err := c.look(ctx, articleLinks(a)); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%d links lead somewhere on the portal; %d lead elsewhere and were not followed", c.seen, c.abroad), nil
}

func articleLinks(a model.Article) store.Linked {
	l := store.Linked{Kind: model.KindArticle, Title: a.Lang + "/" + a.Path + ".md", Path: "/bai-viet/" + a.Path, HTML: a.HTML}
	if a.Lang == "en" {
		l.Path = "/en" + l.Path
	}
	return l
}

// look looks at the links of one text.
func (c *linkCheck) look(ctx context.Context, l store.Linked) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	base := &url.URL{Path: l.Path}
	for _, href := range append(content.Hrefs(l.HTML), l.Hrefs...) {
		u, err := base.Parse(href)
		if err != nil || strings.HasPrefix(href, "#") || u.Scheme == "mailto" || u.Scheme == "tel" || href == "" {
			continue
		}
		if u.Host != "" && u.Host != c.own {
			c.abroad++
			continue
		}
		c.seen++
		alive, err := c.alive(ctx, u)
		if err != nil {
			return fmt.Errorf("link %q: %w", href, err)
		}
		if !alive {
			c.note("dead-link", levelWarning, fmt.Sprintf("%s “%s”", l.Kind, l.Title), "it links to "+href+", where the portal has nothing", deadLinkCure(l))
		}
	}
	return nil
}

func deadLinkCure(l store.Linked) string {
	if page := adminPage(l.Kind, l.ID); page != "" {
		return "correct it at " + page + ", or send the address on at /admin/dia-chi-cu/moi"
	}
	return "correct the file, or send the address on at /admin/dia-chi-cu/moi"
}

var mediaHash = regexp.MustCompile(`^/media/([0-9a-f]{64})/`)

// alive reports whether the portal has something at the address. Pages behind the login are not looked at.
func (c *linkCheck) alive(ctx context.Context, u *url.URL) (bool, error) {
	key := u.Path
	if key == "" {
		key = "/"
	}
	if u.RawQuery != "" {
		key += "?" + u.RawQuery
	}
	if answer, known := c.answers[key]; known || model.DeskPage(u.Path) {
		return answer || model.DeskPage(u.Path), nil
	}
	answer, err := c.ask(ctx, u, key)
	if err == nil && len(c.answers) < rememberedLinks {
		c.answers[key] = answer
	}
	return answer, err
}

func (c *linkCheck) ask(ctx context.Context, u *url.URL, key string) (bool, error) {
	if match := mediaHash.FindStringSubmatch(u.Path); match != nil { // that its file is there is looked at elsewhere
		return c.store.MediaKnown(ctx, match[1])
	}
	path, _, _ := strings.Cut(key, "?")
	if kind, slug, ok := model.RecordPage(path); ok {
		if shown, err := c.store.Shown(ctx, kind, slug); shown || err != nil {
			return shown, err
		}
	}
	alive, err := c.there(ctx, path)
	if err != nil || alive || u.RawQuery == "" {
		return alive, err
	}
	_, err = c.store.Redirect(ctx, model.Viewer{Internal: true, Staff: true}, key)
	if errors.Is(err, model.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
