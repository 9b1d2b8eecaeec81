package admin

import (
	"context"
	"net/url"
	"strings"

	"congso/content"
	"congso/store/model"
	"congso/views/adminpage"
)

// checkNews looks at the item as readers would get it.
func (a *Admin) checkNews(ctx context.Context, n model.News) ([]adminpage.Finding, error) {
	if n.PublishAt.IsZero() {
		n.PublishAt = a.Store.Now()
	}
	found, err := content.CheckNews(n, a.known(ctx))
	return shownFindings(found), err
}

// known is what the checklist asks: which pages the site answers, which sites it leads to already.
func (a *Admin) known(ctx context.Context) content.Known {
	return content.Known{
		Page: func(path string) (bool, error) { return a.Answers(ctx, path) },
		Host: func(host string) (bool, error) { return a.Store.LinksTo(ctx, host) },
		Own:  a.ownHost(),
	}
}

func (a *Admin) ownHost() string {
	u, err := url.Parse(a.Base)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
