package desks

import (
	"testing"

	"congso/cmd/congso/congsotest"
	"congso/store/model"
)

// apart counts the separators of a path of pages that stand above the name that they lead to, when that name is long.
const apart = `[...document.querySelectorAll(".crumbs li + li")].filter(li => {
	const link = li.querySelector("a");
	link.textContent = "Thông báo về việc tuyển dụng, thi nâng ngạch và xếp hạng viên chức";
	return link.getBoundingClientRect().top - li.getBoundingClientRect().top > 8;
}).length`

// TestNarrowDesk looks at pages as a phone shows them: nothing scrolls sideways, and no separator stands on a line of its own.
func TestNarrowDesk(t *testing.T) {
	t.Parallel()
	b := openAs(t, model.RoleEditor)
	b.Width(360)
	b.Visit("/admin/tin-tuc/1/lich-su", 200)
	if wide := b.TooWide(); wide != "" || congsotest.Eval[bool](b, `document.querySelector(".history").scrollWidth > document.querySelector(".history").clientWidth`) {
		b.Errorf("the history scrolls sideways: %s", wide)
	}
	b.Visit("/tin-tuc", 200)
	b.Visit(congsotest.Eval[string](b, `document.querySelector('main article a[href^="/tin-tuc/"]').getAttribute("href")`), 200)
	if n := congsotest.Eval[int](b, `document.querySelectorAll(".crumbs li").length`); n < 3 {
		b.Fatalf("%d names in the path", n)
	}
	if n := congsotest.Eval[int](b, apart); n > 0 {
		b.Errorf("%d separators stand on a line of their own", n)
	}
}
