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
	know, err := a.known(ctx)
	if err != nil {
		return nil, err
	}
	found, err := content.CheckNews(n, know)
	return shownFindings(found), err
}

// known is what the checklist asks: which pages the site answers, to which sites it may lead, what strangers plant.
func (a *Admin) known(ctx context.Context) (content.Known, error) {
	guard, err := a.Guard(ctx)
	return content.Known{
		Page: func(path string) (bool, error) { return a.Answers(ctx, path) },
		Host: func(host string) (bool, error) { return a.Store.HostApproved(ctx, host) },
		Look: guard,
		Own:  a.ownHost(),
	}, err
}

func (a *Admin) ownHost() string {
	u, err := url.Parse(a.Base)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
