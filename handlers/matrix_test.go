package handlers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"congso/handlers/admin"
)

// cells says, for one thing that people do to a news item or meeting, who may do it when. It is written down here by hand: what the
// program's own table of rights says must come out the same.
type cells struct {
	route string // as the table of routes has it
	form  string // fields that the page's button sends besides the text
	who   string // whoever has the right at all: letters of people; all others are refused
	done  int    // the answer where it is done
	late  int    // the answer to those with the right where the status does not let it be done
	when  string // for each status, in the order of statuses: "*" for all of who, "-" for nobody, or letters
	does  bool   // the record or its working copy is another afterwards
}

// people by letter: the author whose record it is, another author, an author and an editor of another section, an editor, an administrator.
// Meetings have no section: there F is as E, and B as T.
const people = "OTBFEA"

// statuses by name: the last three but one are of a published record with a working copy beside it.
var statuses = []string{"draft", "review", "returned", "published", "copy draft", "copy review", "copy returned", "archived"}

// workflowCells are the things that both desks have, with whoever edits any record (editors) and sees all (see).
func workflowCells(desk, editors, see string) []cells {
	one, own := "/admin/"+desk+"/:id", "O"+editors
	edit := "* " + editors + " * * * " + editors + " * -"
	const always = "* * * * * * * *"
	return []cells{
		{"GET " + one, "", see, 200, 200, always, false},
		{"GET " + one + "/lich-su", "", see, 200, 200, always, false},
		{"GET " + one + "/so-sanh", "", see, 200, 200, always, false},
		{"GET /admin/preview/" + desk + "/:id", "", see, 200, 200, always, false},
		{"POST " + one, "", own, 303, 409, edit, true},
		{"POST " + one + "/luu-tam", "", own, 200, 409, edit, true},
		{"POST " + one + "/xem-truoc", "", own, 303, 409, edit, true},
		{"POST " + one + "/dang-sua", "", own, 200, 200, always, false},
		{"POST " + one + "/gui", "", own, 303, 409, "* - * * * - * -", true},
		{"POST " + one + "/dang", "", editors, 303, 409, "* * * * * * * -", true},
		{"POST " + one + "/rut", "", own, 303, 303, "- * - - - * - -", true},
		{"POST " + one + "/tra-lai", "note=sửa", editors, 303, 303, "- * - - - * - -", true},
		{"POST " + one + "/luu-tru", "", editors, 303, 303, "* * * * * * * -", true},
		{"POST " + one + "/khoi-phuc", "", editors, 303, 303, "- - - - - - - *", true},
		{"POST " + one + "/bo", "", own, 303, 303, "- - - - * " + editors + " * -", true},
		{"POST " + one + "/giu", "", own, 303, 409, edit, true},
		{"POST " + one + "/lich-su/:so/ten", "name=Bản đầu", own, 303, 303, always, false},
		{"POST " + one + "/lich-su/:so/khoi-phuc", "", own, 303, 303, "* " + editors + " * * - - - -", true},
		{"POST /admin/" + desk + "/hang-loat", "viec=gui", see, 303, 303, fmt.Sprintf("%s - %[1]s - %[1]s - %[1]s -", own), true},
		{"POST /admin/" + desk + "/hang-loat", "viec=dang", see, 303, 303, fmt.Sprintf("%s %[1]s %[1]s - %[1]s %[1]s %[1]s -", editors), true},
		{"POST /admin/" + desk + "/hang-loat", "viec=luu-tru", see, 303, 303, strings.Repeat(editors+" ", 7) + "-", true},
	}
}

// matrix is every cell of both desks.
func matrix() []cells {
	const always = "* * * * * * * *"
	return slices.Concat(workflowCells("tin-tuc", "EA", people), []cells{
		{"POST /admin/tin-tuc/:id/tach", "", "OTEA", 303, 303, always, false},
		{"POST /admin/tin-tuc/:id/dan", "html=<p>a</p>", "OEA", 200, 200, always, false},
		{"POST /admin/tin-tuc/:id/word", "", "OEA", 400, 400, always, false}, // the form has no file
		{"GET /admin/tin-tuc/:id/bang-ma", "", people, 200, 303, "- - - - OEA EA OEA -", false},
	}, workflowCells("hoi-nghi", "FEA", people), []cells{
		{"POST /admin/hoi-nghi/:id/tach", "", people, 303, 303, always, false},
		{"POST /admin/hoi-nghi/:id/hang", "_viec=them:tasks", "OFEA", 303, 409, "* FEA * * * FEA * -", true},
		{"GET /admin/hoi-nghi/:id/doc", "", people, 200, 303, "OFEA FEA OFEA OFEA OFEA FEA OFEA -", false},
		{"POST /admin/hoi-nghi/:id/doc", "text=Giao Văn phòng lập danh sách.", "OFEA", 200, 303, "* FEA * * * FEA * -", false},
		{"POST /admin/hoi-nghi/:id/viet-tin", "", "OFEA", 303, 409, "* FEA * * * FEA * -", true},
		{"GET /admin/nhiem-vu/:id/:stt", "", people, 200, 404, "- - - * * * * -", false},
		{"POST /admin/nhiem-vu/:id/:stt/dong", "text=Mở lớp&proof=/hoi-nghi", "FEA", 303, 404, "- - - * * * * -", true},
		{"POST /admin/nhiem-vu/:id/:stt/mo-lai", "text=In giấy mời", "FEA", 303, 404, "- - - * * * * -", true},
		{"POST /admin/nhiem-vu/:id/:stt/de-xuat", "text=Mở lớp&proof=/hoi-nghi", people, 303, 404, "- - - * * * * -", true},
		{"POST /admin/nhiem-vu/:id/:stt/tra-lai", "text=Thuê xe&note=sửa&version=1", "FEA", 303, 404, "- - - * * * * -", true},
		{"POST /admin/nhiem-vu/:id/:stt/bo", "text=Thuê xe&version=1", people, 303, 404, "- - - OFEA OFEA OFEA OFEA -", true},
	})
}

// allows reports whether the person of that letter may do it to a record in the status.
func (m cells) allows(who rune, status int) bool {
	in := strings.Fields(m.when)[status]
	return strings.ContainsRune(m.who, who) && (in == "*" || strings.ContainsRune(in, who))
}

// acts reports whether a route acts on one news item or meeting, or on several.
func acts(path string) bool {
	for _, root := range []string{"/admin/tin-tuc/", "/admin/hoi-nghi/", "/admin/nhiem-vu/", "/admin/preview/"} {
		if rest, ok := strings.CutPrefix(path, root); ok {
			return strings.Contains(rest, ":id") || rest == "hang-loat"
		}
	}
	return false
}

// TestRoutesByRoleAndStatus asserts every cell of route × role × status through the door. On PostgreSQL, where a cell costs more, the
// cells of each third status and person: they shift from row to row.
func TestRoutesByRoleAndStatus(t *testing.T) {
	known := map[string]bool{}
	for _, row := range matrix() {
		known[row.route] = true
	}
	for _, r := range (&admin.Admin{}).Table() {
		if name := r.Method + " " + r.Path; acts(r.Path) != known[name] {
			t.Errorf("%s: in the matrix %t, acts on a record %t", name, known[name], acts(r.Path))
		}
		delete(known, r.Method+" "+r.Path)
	}
	if len(known) > 0 {
		t.Errorf("no routes: %v", known)
	}
	eachPortal(t, func(t *testing.T, p *portal) {
		m := newMatrix(t, p)
		for i, row := range matrix() {
			for status := range statuses {
				m.checkOutsiders(t, row, status)
				for j, who := range people {
					if strings.HasSuffix(t.Name(), "sqlite") || (i+j+status)%3 == 0 {
						m.check(t, row, status, who)
					}
				}
			}
		}
		t.Logf("%d cells", m.checked)
	})
}
