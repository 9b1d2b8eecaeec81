package content

import "strings"

// Segment is a piece of a line.
type Segment struct {
	Text    string
	Changed bool // the other version does not have it here
}

// Row is a line of two versions, side by side. A side without segments has no such line.
type Row struct {
	Before, After         []Segment
	BeforeLine, AfterLine int  // from 1; 0 for a side without the line
	Coarse                bool // too much differs to compare here: lines are marked whole and stand side by side by their order alone
}

// Changed reports whether the row's two sides differ.
func (r Row) Changed() bool { return anyChanged(r.Before) || anyChanged(r.After) }

func anyChanged(side []Segment) bool {
	for _, s := range side {
		if s.Changed {
			return true
		}
	}
	return false
}

// Compare sets two versions of a text side by side, line by line, and within lines word by word; each syllable is a word. The texts of
// all segments of one side, in order, are that version to the byte, its line breaks included. A line break at the very end of a version
// counts for nothing. Work is bounded to about a second for texts of any kind: rows for which that is not enough are marked Coarse.
func Compare(before, after string) []Row {
	c := comparison{left: splitLines(before), right: splitLines(after), budget: compareWork}
	left, right := withoutBreaks(c.left), withoutBreaks(c.right)
	pairs, ok := c.budget.align(left, right)
	c.coarse = !ok
	i, j := 0, 0
	for _, p := range append(pairs, pair{len(left), len(right)}) {
		c.block(i, p.left, j, p.right)
		if p.left < len(left) {
			c.row(p.left, p.right, []Segment{{Text: left[p.left]}}, []Segment{{Text: right[p.right]}}, false)
		}
		i, j = p.left+1, p.right+1
	}
	return c.rows
}

// comparison holds two versions as lines with their breaks.
type comparison struct {
	left, right []string
	budget      budget
	coarse      bool
	rows        []Row
}

func splitLines(s string) []string {
	var lines []string
	for line := range strings.Lines(s) {
		lines = append(lines, line)
	}
	return lines
}

func withoutBreaks(lines []string) []string {
	list := make([]string, len(lines))
	for i, line := range lines {
		list[i] = strings.TrimSuffix(line, "\n")
	}
	return list
}

// block adds the rows of left[i:iEnd] and right[j:jEnd], which stand between lines that agree.
func (c *comparison) block(i, iEnd, j, jEnd int) {
	pairs, ok := c.budget.similar(c.left[i:iEnd], c.right[j:jEnd])
	coarse := c.coarse || !ok
	if coarse {
		pairs = inOrder(min(iEnd-i, jEnd-j))
	}
	left, right := i, j
	for _, p := range append(pairs, pair{iEnd - i, jEnd - j}) {
		for ; left < i+p.left; left++ {
			c.row(left, -1, whole(c.left[left]), nil, coarse)
		}
		for ; right < j+p.right; right++ {
			c.row(-1, right, nil, whole(c.right[right]), coarse)
		}
		if left < iEnd && right < jEnd {
			c.words(left, right, coarse)
			left, right = left+1, right+1
		}
	}
}

func inOrder(n int) []pair {
	pairs := make([]pair, n)
	for i := range pairs {
		pairs[i] = pair{i, i}
	}
	return pairs
}

func whole(line string) []Segment {
	return []Segment{{Text: strings.TrimSuffix(line, "\n"), Changed: true}}
}

// words adds the row of two lines that differ.
func (c *comparison) words(i, j int, coarse bool) {
	if !coarse {
		if before, after, ok := c.budget.segments(strings.TrimSuffix(c.left[i], "\n"), strings.TrimSuffix(c.right[j], "\n")); ok {
			c.row(i, j, before, after, false)
			return
		}
	}
	c.row(i, j, whole(c.left[i]), whole(c.right[j]), true)
}

// row adds a row of left[i] and right[j], -1 for none, whose segments lack the line breaks as yet.
func (c *comparison) row(i, j int, before, after []Segment, coarse bool) {
	r := Row{Before: before, After: after, BeforeLine: i + 1, AfterLine: j + 1, Coarse: coarse}
	if i >= 0 {
		r.Before = withBreak(before, c.left[i])
	}
	if j >= 0 {
		r.After = withBreak(after, c.right[j])
	}
	c.rows = append(c.rows, r)
}

// withBreak gives the line break that line may end in to the last segment.
func withBreak(side []Segment, line string) []Segment {
	if !strings.HasSuffix(line, "\n") {
		return side
	}
	if len(side) == 0 {
		return []Segment{{Text: "\n"}}
	}
	side[len(side)-1].Text += "\n"
	return side
}
