package reading

import (
	"net/http"
	"testing"

	"congso/cmd/congso/congsotest"
)

// TestKindsOfPages holds that the examples are there and are what they are called.
func TestKindsOfPages(t *testing.T) {
	t.Parallel()
	site := congsotest.LivePortal(t)
	for _, k := range congsotest.KindsOfPages() {
		a := site.Get(t, k.Path)
		if a.Status != k.Status {
			t.Errorf("%s: %s answers %d, want %d %s", k.Name, k.Path, a.Status, k.Status, a.Header.Get("Location"))
		}
		if got := a.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
			t.Errorf("%s: %s", k.Name, got)
		}
	}
	notThere := site.Get(t, "/khong-co-trang-nay", func(r *http.Request) { r.Header.Set("Cookie", "hien-thi=contrast.larger") })
	congsotest.MustContain(t, "a missing page in high contrast", notThere.Body, `data-theme="contrast"`, `data-size="larger"`)
}
