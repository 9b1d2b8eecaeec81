package content

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"

	"congso/store/model"
)

// maxPageContacts is how many contacts are read of one page.
const maxPageContacts = 500

// maxEntryNumbers is how many numbers are read of one contact; what says more is no contact, and its cell would grow with each.
const maxEntryNumbers = 20

const (
	noteContactUnit  = "Đơn vị suy từ chức vụ, xin xem lại."
	noteContactPart  = "Không rõ “%s” nghĩa là gì, đã bỏ."
	noteContactGuess = "Không rõ là người hay đơn vị, lấy là đơn vị."
)

// contacts are those in the boxes of the page that the selectors find, as rows for model.PlanContacts. The boxes are no part of the text.
func (p *oldPage) contacts(unit string) []model.ContactRow {
	var reader contactReader
	for _, box := range outermost(p.kind.Contacts.every(p.root)) {
		p.taken = append(p.taken, box)
		for _, line := range contactLines(box) {
			line.text = p.unicode(line.text)
			reader.line(line)
		}
		reader.end()
	}
	return reader.rows(unit)
}

// contactLine is a line of a box.
type contactLine struct {
	text  string
	opens bool // a paragraph begins with it
	bold  bool
	row   bool // it is the row of a table with several columns
}

// contactLines are the lines of a box that readers see.
func contactLines(box *html.Node) (lines []contactLine) {
	var now contactLine
	opens := true
	end := func() {
		if now.text = model.Clean(now.text); now.text != "" {
			lines = append(lines, now)
			opens = false
		}
		now = contactLine{}
	}
	var walk func(n *html.Node, bold bool)
	walk = func(n *html.Node, bold bool) {
		if n.Type == html.TextNode {
			if strings.Trim(now.text, edgeSigns) == "" && model.Clean(n.Data) != "" {
				now.opens, now.bold = opens, bold
			}
			now.text += n.Data
			return
		}
		if n.Type == html.ElementNode && hidden(n, styleOf(n)) {
			return
		}
		apart := isBlockElement(n) && n.DataAtom != atom.Td && n.DataAtom != atom.Th || n.DataAtom == atom.Br
		if apart {
			end()
			opens = opens || n.DataAtom != atom.Br
		}
		if n.DataAtom == atom.Td || n.DataAtom == atom.Th {
			now.text += " - "
		}
		now.row = now.row || n.DataAtom == atom.Tr && len(childrenOf(n)) > 1
		for c := range n.ChildNodes() {
			walk(c, bold || n.DataAtom == atom.B || n.DataAtom == atom.Strong || n.DataAtom == atom.Th)
		}
		if apart {
			end()
			opens = opens || n.DataAtom != atom.Br
		}
	}
	walk(box, false)
	end()
	return lines
}

// childrenOf are the elements right within one.
func childrenOf(n *html.Node) (list []*html.Node) {
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode {
			list = append(list, c)
		}
	}
	return list
}

// contactReader makes entries of lines.
type contactReader struct {
	entries []contactEntry
	now     contactEntry
	label   model.NumberKind // of the number that comes
}

// contactEntry is what a box says of a person or a unit.
type contactEntry struct {
	words   []string // the name first, then what else stands in words
	row     model.ContactRow
	numbers int
}

// line reads the next line. One in words begins an entry once the one before has numbers, or when it opens a paragraph in bold or is the row
// of a table.
func (r *contactReader) line(l contactLine) {
	for i, part := range contactParts(l.text) {
		if r.says(part) {
			continue
		}
		name, number, found := strings.Cut(part, ":")
		found = found && strings.ContainsAny(number, "0123456789@")
		if !found {
			name = part
		}
		if i == 0 && len(r.now.words) > 0 && (r.now.numbers > 0 || l.opens && l.bold || l.row) {
			r.end()
		}
		if label, said, ok := strings.Cut(name, ":"); ok && slices.Contains([]string{"chuc danh", "chuc vu", "ho ten", "ho va ten", "don vi", "phong ban"}, model.Fold(strings.TrimSpace(label))) {
			name = said
		}
		r.now.words = append(r.now.words, strings.Trim(name, edgeSigns))
		if found && !r.says(number) {
			r.now.words = append(r.now.words, model.Clean(number))
		}
	}
}

// says takes a part that says a number or an address of e-mail, or only what follows; it is false for other words.
func (r *contactReader) says(part string) bool {
	kind, rest := numberLabel(part)
	switch {
	case rest == "" && kind != "": // "Điện thoại:", whose number comes
		r.label = kind
		return true
	case strings.Contains(rest, "@") && !strings.ContainsFunc(strings.Trim(rest, edgeSigns+"()<>"), unicode.IsSpace):
		r.now.row.Email = strings.Trim(rest, edgeSigns+"()<>")
		return true
	}
	if kind == "" {
		kind = r.label
	}
	r.label = ""
	return r.number(kind, rest)
}

// number takes a telephone number; it is false for what is none.
func (r *contactReader) number(kind model.NumberKind, text string) bool {
	e164, form, err := model.ParsePhone(text)
	if err != nil {
		return false
	}
	if kind == "" || kind == model.NumberOffice || form != model.NumberOffice && kind != model.NumberFax {
		kind = form
	}
	cell := &r.now.row.Office
	switch kind {
	case model.NumberMobile:
		cell = &r.now.row.Mobile
	case model.NumberFax:
		cell = &r.now.row.Fax
	case model.NumberHotline:
		cell = &r.now.row.Hotline
	}
	if r.now.numbers++; r.now.numbers > maxEntryNumbers {
		return true
	}
	if *cell != "" {
		*cell += "; "
	}
	*cell += model.ShowPhone(e164)
	return true
}

// end ends an entry. What says no number and no address of e-mail is a heading.
func (r *contactReader) end() {
	if len(r.now.words) > 0 && (r.now.numbers > 0 || r.now.row.Email != "") && len(r.entries) < maxPageContacts {
		r.entries = append(r.entries, r.now)
	}
	r.now = contactEntry{}
}

// rows are the entries as rows: units by their names, people with unit, or that of their title, or the one that was asked for.
func (r *contactReader) rows(asked string) []model.ContactRow {
	var rows []model.ContactRow
	var units []string
	for _, e := range r.entries {
		row := e.read()
		if row.Name == "" {
			units = append(units, row.Unit)
		}
		rows = append(rows, row)
	}
	for i := range rows {
		if rows[i].Name == "" {
			continue
		}
		rows[i].Unit = unitOfTitle(rows[i].Title, units)
		if rows[i].Unit != "" {
			rows[i].Notes = append(rows[i].Notes, noteContactUnit)
		} else {
			rows[i].Unit = asked
		}
	}
	return rows
}

// read makes a row of an entry.
func (e contactEntry) read() model.ContactRow {
	row := e.row
	honorific, name := cutHonorific(e.words[0])
	switch {
	case honorific == "" && (isUnitName(name) || !isPersonName(name) && len(e.words) == 1):
		row.Unit = name
		if !isUnitName(name) {
			row.Notes = append(row.Notes, noteContactGuess)
		}
	default:
		row.Name, row.Honorific = name, honorific
	}
	for _, word := range e.words[1:] {
		if row.Name != "" && row.Title == "" {
			row.Title = word
			continue
		}
		row.Notes = append(row.Notes, strings.Replace(noteContactPart, "%s", word, 1))
	}
	return row
}

var (
	contactGap   = regexp.MustCompile(`\s+[-–—/|]\s*|\s*[-–—|]\s+|\s*[;|]\s*|\t+|(?i:\s+hoặc\s+)`)
	extensionGap = regexp.MustCompile(`^(?i:\(?\s*(?:(?:số\s+)?(?:máy\s+)?(?:lẻ|nhánh)|ext|x\s*\d))`)
	labelOf      = regexp.MustCompile(`^\(?((?:(?:so|dien thoai|dt|sdt|tel|phone|may ban|may|co quan|cq|co dinh|nha rieng|di dong|dtdd|dd|mobile|fax|duong day nong|hotline|e-?mail|thu dien tu)\b[\s./]*)+)\)?\s*(?::\s*(.*)|([+(\d].*))$`)
)

const edgeSigns = " \u00a0-–—:;,.•*|"

// contactParts parts a line where signs part what it says. An extension stays with its number, and a comma within the name of an office.
func contactParts(line string) (parts []string) {
	add := func(part string) {
		part = strings.TrimLeft(strings.TrimRight(part, strings.ReplaceAll(edgeSigns, ":", "")), edgeSigns)
		last := len(parts) - 1
		switch {
		case part == "":
		case last >= 0 && extensionGap.MatchString(part):
			parts[last] += " - " + part
		default:
			parts = append(parts, part)
		}
	}
	for _, part := range contactGap.Split(line, -1) {
		if isUnitName(part) && !strings.ContainsAny(part, "0123456789") {
			add(part)
			continue
		}
		for _, piece := range strings.Split(part, ", ") {
			add(piece)
		}
	}
	return parts
}

// numberLabel is the kind that a part says of its number, and what follows; "" when it says none.
func numberLabel(part string) (kind model.NumberKind, rest string) {
	letters, folded := []rune(norm.NFC.String(part)), model.Fold(part)
	m := labelOf.FindStringSubmatchIndex(folded)
	if m == nil || utf8.RuneCountInString(folded) != len(letters) {
		return "", part
	}
	rest = strings.TrimSpace(string(letters[utf8.RuneCountInString(folded[:max(m[4], m[6])]):]))
	switch word := folded[m[2]:m[3]]; {
	case strings.Contains(word, "di dong"), strings.Contains(word, "dd"), strings.Contains(word, "mobile"):
		return model.NumberMobile, rest
	case strings.Contains(word, "fax"):
		return model.NumberFax, rest
	case strings.Contains(word, "nong"), strings.Contains(word, "hotline"):
		return model.NumberHotline, rest
	}
	return model.NumberOffice, rest
}

// unitHeads are how names of units begin, in lower case: with their marks, since Vũ and Trương are people.
const unitHeads = `phòng|ban|sở|văn phòng|thanh tra|trung tâm|chi cục|cục|bộ phận|tổ|đội|hội|công đoàn|đoàn thanh niên|ủy ban|uỷ ban|ubnd|hđnd|đơn vị|trường|viện|kho bạc|công an|bưu điện|tiếp công dân|một cửa|quầy|đường dây nóng|lãnh đạo|vụ|tổng cục|khoa|bệnh viện|trạm|thư viện|bảo tàng`

// isUnitName reports whether a name begins as those of units do.
func isUnitName(name string) bool {
	lower := strings.ToLower(norm.NFC.String(name)) + " "
	for head := range strings.SplitSeq(unitHeads, "|") {
		if strings.HasPrefix(lower, head+" ") {
			return true
		}
	}
	return false
}

// isPersonName reports whether a name looks like one of somebody: all words with capitals, which those of units do not have.
func isPersonName(name string) bool {
	words := strings.Fields(name)
	if len(words) < 2 || len(words) > 7 {
		return false
	}
	return !slices.ContainsFunc(words, func(word string) bool {
		first, _ := utf8.DecodeRuneInString(word)
		return !unicode.IsUpper(first)
	})
}

// cutHonorific parts "Bà Nguyễn Thị Hoa".
func cutHonorific(text string) (honorific, name string) {
	for _, h := range []struct{ typed, shown string }{
		{"ông ", "Ông"}, {"bà ", "Bà"}, {"đồng chí ", "Đồng chí"}, {"đ/c ", "Đồng chí"}, {"đ/c: ", "Đồng chí"}, {"ông: ", "Ông"}, {"bà: ", "Bà"},
	} {
		if len(text) > len(h.typed) && strings.EqualFold(text[:len(h.typed)], h.typed) {
			return h.shown, strings.TrimLeft(text[len(h.typed):], " :")
		}
	}
	return "", text
}

// unitOfTitle is the unit that a title names, in the words of those on the page when one of them begins so, "" when it names none.
func unitOfTitle(title string, units []string) string {
	folded := model.Fold(title)
	unit := ""
	for _, t := range []struct{ ends, unit string }{
		{"truong phong", "Phòng"}, {"chanh thanh tra", "Thanh tra"}, {"chanh van phong", "Văn phòng"}, {"truong ban", "Ban"}, {"giam doc", "Ban Giám đốc"},
	} {
		head, rest, found := strings.Cut(folded, t.ends)
		if !found || head != "" && head != "pho " && head != "quyen " && head != "q. " {
			continue
		}
		unit = t.unit
		if t.ends == "truong phong" || t.ends == "truong ban" {
			letters := []rune(title)
			named := model.Clean(string(letters[max(0, len(letters)-utf8.RuneCountInString(rest)):]))
			if named == "" {
				return ""
			}
			return unit + " " + named
		}
		if t.ends == "giam doc" && strings.TrimSpace(rest) != "" && model.Fold(rest) != " so" {
			return ""
		}
		break
	}
	if unit == "" {
		return ""
	}
	for _, known := range units {
		if strings.HasPrefix(model.Fold(known)+" ", model.Fold(unit)+" ") {
			return known
		}
	}
	return unit
}
