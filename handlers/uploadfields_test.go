package handlers_test

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"congso/store/model"
)

// TestWordsOfAnUploadAreFew: a form with files may carry a few words for each; thousands of fields are not kept in memory.
func TestWordsOfAnUploadAreFew(t *testing.T) {
	eachPortal(t, func(t *testing.T, p *portal) {
		login := p.login(t, model.RoleAuthor)
		for _, target := range []string{"/admin/tep/tai-len", "/admin/tin-tuc/moi/word"} {
			body := &manyFields{count: 4000}
			a := p.do(http.MethodPost, target, form(""), asJSON, login, func(r *http.Request) {
				r.Body, r.ContentLength = body, -1
				r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			})
			if a.status >= 500 {
				t.Errorf("%s: status %d", target, a.status)
			}
			if most := uint64(body.count) * (8 << 10) / 4; body.kept > most {
				t.Errorf("%s: %d MB kept of %d", target, body.kept>>20, 4*most>>20)
			}
		}
	})
}

// manyFields is a form of count fields of 8 KB. It notes how much more memory is in use before its end.
type manyFields struct {
	count, sent int
	part        strings.Reader
	start, kept uint64
}

func (m *manyFields) Read(b []byte) (int, error) {
	switch {
	case m.part.Len() > 0:
		return m.part.Read(b)
	case m.sent == 0:
		m.start = inUse()
	case m.sent == m.count:
		m.kept = max(inUse(), m.start) - m.start
		m.part.Reset("--x--\r\n")
	case m.sent > m.count:
		return 0, io.EOF
	}
	if m.sent < m.count {
		m.part.Reset(fmt.Sprintf("--x\r\nContent-Disposition: form-data; name=\"f%d\"\r\n\r\n%s\r\n", m.sent, strings.Repeat("a", 8<<10)))
	}
	m.sent++
	return m.part.Read(b)
}

func (m *manyFields) Close() error { return nil }

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
