package handlers_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"congso/store"
	"congso/store/model"
	"congso/store/storetest"
)

// cutter ends all connections to a server right before a statement that is counted down to.
type cutter struct {
	server *storetest.Cluster
	mu     sync.Mutex
	left   int    // statements until then; 0 for never
	query  string // before which they were ended
}

func (c *cutter) trace(query string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left--; c.left == 0 {
		c.query = query
		c.server.Exec("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'congso'")
	}
}

// arm has the connections end before that statement from now on. It returns before which they were ended since the last time, "" for none.
func (c *cutter) arm(statement int) (query string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	query = c.query
	c.left, c.query = statement, ""
	return query
}

func TestConnectionsEndAnywhere(t *testing.T) {
	t.Parallel()
	endConnections(t, 4)
}

// endConnections ends all connections to the database before every so many statements of each kind of request. It is answered well, or whoever
// asks is told to come again, with the text that was sent; and who does is answered well.
func endConnections(t *testing.T, every int) {
	cut := &cutter{server: storetest.NewCluster(t, storetest.ClusterOptions{})}
	p := newPortal(t, store.Options{Dir: t.TempDir(), Database: cut.server.Address() + "&pool_max_conns=4", Trace: cut.trace}, seed)
	editor := p.somebody(t, "bien.tap", model.RoleEditor)
	p.withPassword(t, "hoa.tran", model.RoleStaff)
	path := editor.begins("Tin", storetest.Section(t, p.store, "Bàn tin"))
	text, picture := "Câu chữ chưa được lưu", shot(t, 40, 30)
	for name, kind := range map[string]struct {
		prepare func() string // the form, "" for none
		ask     func(form string) answer
		word    string // in the answer to one who is to come again
	}{
		"log in": {
			func() string { return fields("name", "hoa.tran", "password", goodPassword) },
			func(form string) answer { return p.post("/admin/dang-nhap", form) }, "Tạm thời gián đoạn",
		},
		"save": {
			func() string { return editor.opens(path, "body", text).Encode() },
			func(form string) answer { return p.post(path, form, editor.login) }, text,
		},
		"save while it is typed": {
			func() string { return editor.opens(path, "body", text+p.clock.Now().String()).Encode() },
			func(form string) answer { return p.post(path+"/luu-tam", form, editor.login) }, "Tạm thời gián đoạn",
		},
		"upload": {
			func() string { return "" },
			func(string) answer {
				return p.do(http.MethodPost, "/admin/tep/tai-len", multipartForm(t, sent{"file", "anh.jpg", picture}), asJSON, editor.login)
			}, "chưa nhận được tệp",
		},
		"a page": {
			func() string { return "" }, func(string) answer { return p.get("/tin-tuc/" + p.news.Slug) }, "Tạm thời gián đoạn",
		},
	} {
		for i, query := 1, "first"; query != ""; i += every {
			p.clock.Add(2 * time.Second)
			form := kind.prepare()
			cut.arm(i)
			a := kind.ask(form)
			query = cut.arm(0)
			switch again := a.status == http.StatusServiceUnavailable; {
			case again && (a.header.Get("Retry-After") != "10" || !strings.Contains(a.body, kind.word)) || !again && a.status >= 400:
				t.Errorf("%s, before statement %d, %q: status %d, %v\n%.300s", name, i, query, a.status, a.header, a.body)
			}
			p.clock.Add(2 * time.Second)
			if a := kind.ask(kind.prepare()); a.status >= 400 {
				t.Errorf("%s, after a cut before statement %d, %q: status %d\n%.300s", name, i, query, a.status, a.body)
			}
		}
	}
}
