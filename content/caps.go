package content

import (
	"fmt"
	"regexp"
	"strings"

	"congso/store/model"
)

// What one text may ask of the parser, whose time grows with the square of some of these. The figures are far above what office texts
// have, and low enough that any text within them renders in a fraction of a second.
const (
	maxLength  = 400 << 10 // bytes
	maxMarkers = 20        // signs of quotations and lists before a line's text
	maxIndent  = 80        // columns before the last of these signs
	maxDepth   = 100       // of elements within each other
	maxColumns = 50        // of a table
	maxCells   = 20_000    // of all tables
	maxWork    = 100_000_000
	maxGrowth  = 20 // bytes of HTML for each byte of Markdown, besides 64 KB
)

func tooMuch(format string, args ...any) error {
	return model.Invalid{"body": fmt.Sprintf(format, args...)}
}

func checkLength(source string) error {
	if len(source) > maxLength {
		return tooMuch("Nội dung dài quá %s. Hãy chia thành nhiều bài.", model.FileSize(maxLength))
	}
	return nil
}

// checkGrowth refuses a text whose HTML is out of proportion.
func checkGrowth(source, page int) error {
	if page > maxGrowth*source+64<<10 {
		return tooMuch("Nội dung có quá nhiều ký hiệu định dạng so với chữ, không hiển thị được.")
	}
	return nil
}

// checkCaps reads the lines of a text once and refuses it when it could keep the parser busy for long.
func checkCaps(source string) error {
	var c capScan
	for line := range strings.Lines(source) {
		if err := c.add(strings.TrimSuffix(line, "\n")); err != nil {
			return err
		}
	}
	return c.endBlock()
}

// capScan counts what the parser's work depends on. A block is a run of lines without a blank one or a new
// item: no paragraph or table is longer.
type capScan struct {
	line    int
	work    int
	cells   int
	notes   int // references and texts of footnotes
	escapes int // \|, which tables search for
	block   struct{ length, closures, runs, columns int }
}

func (c *capScan) add(line string) error {
	c.line++
	if markers, indent := containers(line); markers > maxMarkers || indent > maxIndent {
		return tooMuch("Dòng %d: danh sách hoặc trích dẫn lồng nhau quá sâu.", c.line)
	}
	if blank(line) || startsItem(line) {
		if err := c.endBlock(); err != nil {
			return err
		}
	}
	c.count(line)
	return c.countCells(line)
}

func (c *capScan) count(line string) {
	c.block.length += len(line) + 1
	for i := 0; i < len(line); i++ {
		b := line[i]
		if b >= 'a' && b != '~' || b < '[' && b != '*' {
			continue // most of all
		}
		switch b {
		case '[', ']':
			c.block.closures++
			if b == '[' && i+1 < len(line) && line[i+1] == '^' {
				c.notes++
			}
		case '\\':
			if i+1 < len(line) && line[i+1] == '|' {
				c.escapes++
			}
		case '*', '_', '~', '`':
			if i > 0 && line[i-1] == b {
				continue
			}
			if c.block.runs++; b == '`' {
				c.block.closures++
			}
		}
	}
}

func (c *capScan) countCells(line string) error {
	if delimiterRow(line) {
		c.block.columns = max(c.block.columns, columns(line))
		c.cells += c.block.columns // the head above it
	}
	if c.block.columns > maxColumns {
		return tooMuch("Dòng %d: bảng có quá %d cột.", c.line, maxColumns)
	}
	if c.cells += c.block.columns; c.cells > maxCells {
		return tooMuch("Dòng %d: các bảng có quá nhiều ô (tối đa %s).", c.line, model.Group(maxCells))
	}
	return nil
}

// endBlock adds what the block may cost: each bracket and each backtick may search the whole block for its other half, each run of
// stars looks back at those before it.
func (c *capScan) endBlock() error {
	c.work += c.block.closures*c.block.length + c.block.runs*c.block.runs
	c.block.length, c.block.closures, c.block.runs, c.block.columns = 0, 0, 0, 0
	if c.work+c.notes*c.notes+c.escapes*c.escapes > maxWork {
		return tooMuch("Dòng %d: đoạn văn có quá nhiều dấu ngoặc vuông, dấu sao hoặc liên kết. Hãy tách đoạn bằng dòng trống.", c.line)
	}
	return nil
}

// startsItem reports whether the line is the first of a bulleted item, which ends a paragraph before it wherever that stands.
func startsItem(line string) bool {
	text := strings.TrimLeft(line, " ")
	return text != "" && strings.IndexByte("-+*", text[0]) >= 0 && listItem.MatchString(line)
}

var listItem = regexp.MustCompile(`^ {0,3}[-+*] {1,3}[^ ]`)

// blank reports whether the line ends every paragraph: it is empty, or empty but for signs of quotation. A sign after four spaces may be
// text of the paragraph.
func blank(line string) bool {
	rest := line
	for {
		text := strings.TrimLeft(rest, " ")
		if !strings.HasPrefix(text, ">") || len(rest)-len(text) > 3 {
			return strings.TrimSpace(rest) == ""
		}
		rest = text[1:]
	}
}

// containers counts the signs that open quotations, lists, descriptions and footnotes before the text of a line, and the columns of
// white space before the last of them. A line of one sign repeated is a rule.
func containers(line string) (markers, indent int) {
	spaces := 0
	for i := 0; i < len(line); {
		size := markerSize(line[i:])
		switch {
		case line[i] == ' ':
			spaces, i = spaces+1, i+1
		case line[i] == '\t':
			spaces, i = spaces+4, i+1
		case size > 0 && !ruleLine(line[i:]) && markers <= maxMarkers:
			markers, indent, i = markers+1, spaces, i+size
		default:
			return markers, indent
		}
	}
	return markers, indent
}

var marker = regexp.MustCompile(`^(?:>|(?:[-+*:]|\d{1,9}[.)])(?:[ \t]|$)|\[\^[^\]]*\]:)`)

func markerSize(s string) int {
	if s[0] > '>' && s[0] != '[' {
		return 0
	}
	return len(marker.FindString(s))
}

func ruleLine(s string) bool {
	return strings.ContainsRune("-*_", rune(s[0])) && strings.Trim(s, s[:1]+" \t") == ""
}

// delimiterRow reports whether the line may be the one under a table's head.
func delimiterRow(line string) bool {
	return strings.Trim(line, "-|: \t>") == "" && strings.Contains(line, "-") && strings.ContainsAny(line, "|:")
}

func columns(delimiters string) int {
	row := strings.Trim(delimiters, " \t>")
	return strings.Count(strings.TrimSuffix(strings.TrimPrefix(row, "|"), "|"), "|") + 1
}
