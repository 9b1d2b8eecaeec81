package handlers_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"congso/store/model"
)

// document is a Word document whose paragraphs are those texts, in that font.
func document(t testing.TB, font string, paragraphs ...string) string {
	t.Helper()
	var body strings.Builder
	for i, p := range paragraphs {
		centred := ""
		if i == 0 { // the title
			centred = `<w:pPr><w:jc w:val="center"/></w:pPr>`
		}
		bold := strings.Repeat("<w:b/>", min(1, len(centred)))
		body.WriteString(`<w:p>` + centred + `<w:r><w:rPr>` + bold + `<w:rFonts w:ascii="` + font + `" w:hAnsi="` + font + `"/></w:rPr><w:t xml:space="preserve">` + p + `</w:t></w:r></w:p>`)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, file := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body.String() + `</w:body></w:document>`},
	} {
		w, err := z.Create(file[0])
		must(t, err)
		_, err = w.Write([]byte(file[1]))
		must(t, err)
	}
	must(t, z.Close())
	return b.String()
}

func TestNewsFromWord(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, _ somebody) {
		in := strconv.FormatInt(section.ID, 10)
		file := document(t, "Arial", "Khai trương một cửa", "Sáng nay, xã khai trương bộ phận một cửa mới ở trung tâm.", "Đoạn hai.")
		a := p.do(http.MethodPost, "/admin/tin-tuc/moi/word", multipartForm(t, sent{field: "section", content: in}, sent{"file", "bai.docx", file}), author.login)
		if a.status != http.StatusSeeOther {
			t.Fatalf("status %d\n%.500s", a.status, a.body)
		}
		n := p.item(t, a.header.Get("Location"))
		if n.Title != "Khai trương một cửa" || n.Body != "Sáng nay, xã khai trương bộ phận một cửa mới ở trung tâm.\n\nĐoạn hai." || n.Status != model.StatusDraft || n.Owner != author.user.ID {
			t.Errorf("%+v", n)
		}
		for name, c := range map[string]struct {
			file, message string
			section       string
		}{
			"no document":  {"không phải Word", "Word", in},
			"cut short":    {file[:200], "Word", in},
			"no section":   {file, "Chưa chọn chuyên mục.", ""},
			"nothing sent": {"", "", in},
		} {
			a := p.do(http.MethodPost, "/admin/tin-tuc/moi/word", asJSON, multipartForm(t, sent{field: "section", content: c.section}, sent{"file", "bai.docx", c.file}), author.login)
			if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.message) {
				t.Errorf("%s: status %d, %s", name, a.status, a.body)
			}
			a = p.do(http.MethodPost, "/admin/tin-tuc/moi/word", multipartForm(t, sent{field: "section", content: c.section}, sent{"file", "bai.docx", c.file}), author.login)
			if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `role="alert"`) {
				t.Errorf("%s without the script: status %d", name, a.status)
			}
		}
	})
}

// TestFirstPageTakesWord: whoever may write begins with a Word file where the login leads, in sections of their own.
func TestFirstPageTakesWord(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, _ somebody) {
		other := putSection(t, p.store, model.Section{Name: "Bàn khác"})
		bound := p.somebody(t, "mot.ban", model.RoleAuthor, func(u *model.User) { u.Sections = []int64{section.ID} })
		const form = `action="/admin/tin-tuc/moi/word"`
		contains(t, "author", author.sees("/admin", http.StatusOK), form, section.Name, other.Name)
		page := bound.sees("/admin", http.StatusOK)
		contains(t, "author of one section", page, form, section.Name)
		lacks(t, "author of one section", page, other.Name)
		lacks(t, "staff", p.somebody(t, "nhan.vien", model.RoleStaff).sees("/admin", http.StatusOK), form)
	})
}

// TestOldEncodingsAreNeverRepairedSilently: the draft holds the text as it came until a person has chosen.
func TestOldEncodingsAreNeverRepairedSilently(t *testing.T) {
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, _ somebody) {
		in := strconv.FormatInt(section.ID, 10)
		file := document(t, ".VnTime", "TiÕp c«ng d©n", "S¸ng nay, ®ång chÝ Gi¸m ®èc tiÕp c«ng d©n t¹i trô së.")
		begin := func() string {
			a := p.do(http.MethodPost, "/admin/tin-tuc/moi/word", multipartForm(t, sent{field: "section", content: in}, sent{"file", "cu.docx", file}), author.login)
			path, found := strings.CutSuffix(a.header.Get("Location"), "/bang-ma")
			if a.status != http.StatusSeeOther || !found {
				t.Fatalf("status %d, Location %q", a.status, a.header.Get("Location"))
			}
			return path
		}
		path := begin()
		contains(t, "choice", author.sees(path+"/bang-ma", http.StatusOK), "S¸ng", "Sáng", "Dùng bản đã chuyển", "Giữ như đang có")
		if n := p.item(t, path); !strings.Contains(n.Body, "S¸ng nay") {
			t.Errorf("stored as %q", n.Body)
		}
		if body := author.opens(path).Get("body"); !strings.Contains(body, "Sáng nay, đồng chí Giám đốc") {
			t.Errorf("repaired as %q", body)
		}
		path = begin()
		author.sends(path+"/bo", url.Values{"_version": {"1"}}, http.StatusSeeOther)
		if body := author.opens(path).Get("body"); !strings.Contains(body, "S¸ng nay") {
			t.Errorf("kept as %q", body)
		}
	})
}

func TestPastedNews(t *testing.T) {
	sample, err := filepath.Glob(filepath.Join("..", "content", "testdata", "paste", "*.html"))
	must(t, err)
	if len(sample) == 0 {
		t.Fatal("no samples of pasted text")
	}
	eachDesk(t, func(t *testing.T, p *portal, section model.Section, author, _ somebody) {
		path := author.begins("Dán", section)
		for _, name := range sample {
			data, err := os.ReadFile(name)
			must(t, err)
			a := author.sends(path+"/dan", url.Values{"html": {string(data)}}, http.StatusOK)
			var got struct {
				Markdown string
				Notes    []string
			}
			must(t, json.Unmarshal([]byte(a.body), &got))
			if got.Markdown == "" || got.Notes == nil || strings.Contains(got.Markdown, "mso-") {
				t.Errorf("%s: %.200q", name, got.Markdown)
			}
		}
		a := author.sends("/admin/tin-tuc/moi/dan", url.Values{"section": {strconv.FormatInt(section.ID, 10)}, "text": {"x"},
			"html": {"<h1>Tiêu đề dán</h1><p>Đoạn <b>đậm</b> thứ nhất của bài.</p>"}}, http.StatusSeeOther)
		if n := p.item(t, a.header.Get("Location")); n.Title != "Tiêu đề dán" || n.Body != "Đoạn **đậm** thứ nhất của bài." {
			t.Errorf("from HTML: %q, %q", n.Title, n.Body)
		}
		a = author.sends("/admin/tin-tuc/moi/dan", url.Values{"section": {strconv.FormatInt(section.ID, 10)}, "text": {"Dòng đầu\r\n\r\nPhần còn lại"}}, http.StatusSeeOther)
		if n := p.item(t, a.header.Get("Location")); n.Title != "Dòng đầu" || n.Body != "Phần còn lại" {
			t.Errorf("from plain text: %q, %q", n.Title, n.Body)
		}
		a = author.sends("/admin/tin-tuc/moi/dan", url.Values{"section": {"0"}, "text": {"Giữ lại chữ này"}}, http.StatusUnprocessableEntity)
		contains(t, "refused", a.body, "Giữ lại chữ này", "Chưa chọn chuyên mục.")
	})
}
