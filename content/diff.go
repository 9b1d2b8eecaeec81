package content

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	compareWork  = 60_000_000 // steps of one comparison
	maxEdits     = 2_000      // pieces that differ between two sequences; the memory needed grows with its square, to 16 MB
	maxLinePairs = 1_000_000  // of lines that may be compared with each other in one block
	minAlike     = 0.35       // share of common words from which on two lines are versions of one line
)

// budget is the number of steps that a comparison may still take.
type budget int

// spend takes n steps and reports whether they were there.
func (b *budget) spend(n int) bool {
	*b -= budget(n)
	return *b >= 0
}

// pair says that two pieces, one of each side, belong together.
type pair struct{ left, right int }

// align finds the pairs of equal pieces in a shortest edit from left to right (E. W. Myers, "An O(ND) difference algorithm and its
// variations", 1986). When too much differs ok is false, and the pairs are those at both ends.
func (b *budget) align(left, right []string) (pairs []pair, ok bool) {
	head, tail := commonEnds(left, right)
	for i := range head {
		pairs = append(pairs, pair{i, i})
	}
	middle, ok := b.edit(intern(left[head:len(left)-tail], right[head:len(right)-tail]))
	for _, p := range middle {
		pairs = append(pairs, pair{head + p.left, head + p.right})
	}
	for i := tail; i > 0; i-- {
		pairs = append(pairs, pair{len(left) - i, len(right) - i})
	}
	return pairs, ok
}

// commonEnds counts the pieces that agree at the beginning, and of the rest those that agree at the end.
func commonEnds(left, right []string) (head, tail int) {
	for head < min(len(left), len(right)) && left[head] == right[head] {
		head++
	}
	for tail < min(len(left), len(right))-head && left[len(left)-1-tail] == right[len(right)-1-tail] {
		tail++
	}
	return head, tail
}

// intern numbers the pieces, so that they compare fast.
func intern(left, right []string) (a, b []int32) {
	numbers := map[string]int32{}
	number := func(pieces []string) []int32 {
		list := make([]int32, len(pieces))
		for i, piece := range pieces {
			n, known := numbers[piece]
			if !known {
				n = int32(len(numbers))
				numbers[piece] = n
			}
			list[i] = n
		}
		return list
	}
	return number(left), number(right)
}

// edit is the greedy search: after d edits, reach[k] is the furthest place of a on the diagonal k that can be reached. trace keeps what
// was reached before each d.
func (b *budget) edit(a, c []int32) (pairs []pair, ok bool) {
	n, m := len(a), len(c)
	if n == 0 || m == 0 {
		return nil, true
	}
	limit := min(n+m, maxEdits)
	reach := make([]int32, 2*limit+3) // diagonal k at k+limit+1
	var trace [][]int32
	for d := 0; d <= limit; d++ {
		trace = append(trace, slices.Clone(reach[limit+1-d:limit+2+d]))
		for k := -d; k <= d; k += 2 {
			at := limit + 1 + k
			x := int(reach[at-1]) + 1
			if k == -d || k != d && reach[at-1] < reach[at+1] {
				x = int(reach[at+1])
			}
			start := x
			for x < n && x-k < m && a[x] == c[x-k] {
				x++
			}
			reach[at] = int32(x)
			if x >= n && x-k >= m {
				return backtrack(trace, n, m), true
			}
			if !b.spend(1 + x - start) {
				return nil, false
			}
		}
	}
	return nil, false
}

// backtrack walks from the end to the beginning and collects the equal pieces passed.
func backtrack(trace [][]int32, x, y int) []pair {
	var pairs []pair
	for d := len(trace) - 1; d > 0; d-- {
		reach := trace[d] // diagonal k at k+d; those outside -d+1..d-1 hold nothing of use
		k := x - y
		from := k - 1
		if k == -d || k != d && reach[k-1+d] < reach[k+1+d] {
			from = k + 1
		}
		prevX := int(reach[from+d])
		prevY := prevX - from
		for x > prevX && y > prevY {
			x, y = x-1, y-1
			pairs = append(pairs, pair{x, y})
		}
		x, y = prevX, prevY
	}
	for x > 0 && y > 0 {
		x, y = x-1, y-1
		pairs = append(pairs, pair{x, y})
	}
	slices.Reverse(pairs)
	return pairs
}

// segments compares two lines by their words. White space between two changes counts as changed: marks that end and begin again at each
// space are hard to read.
func (b *budget) segments(left, right string) (before, after []Segment, ok bool) {
	l, r := wordPieces(left), wordPieces(right)
	pairs, ok := b.align(l, r)
	if !ok {
		return nil, nil, false
	}
	kept := keptRuns(pairs, l, len(r))
	return mark(l, kept, func(p pair) int { return p.left }), mark(r, kept, func(p pair) int { return p.right }), true
}

// keptRuns leaves out the runs of pairs that are nothing but white space with a change on either side.
func keptRuns(pairs []pair, left []string, right int) []pair {
	var kept []pair
	for i := 0; i < len(pairs); {
		end, words := i+1, !blankPiece(left[pairs[i].left])
		for end < len(pairs) && pairs[end] == (pair{pairs[end-1].left + 1, pairs[end-1].right + 1}) {
			words = words || !blankPiece(left[pairs[end].left])
			end++
		}
		outermost := pairs[i] == pair{} || pairs[end-1] == pair{len(left) - 1, right - 1}
		if words || outermost {
			kept = append(kept, pairs[i:end]...)
		}
		i = end
	}
	return kept
}

func blankPiece(s string) bool { return strings.TrimSpace(s) == "" }

// mark joins pieces to segments; those that no pair holds are changed.
func mark(pieces []string, kept []pair, side func(pair) int) []Segment {
	var list []Segment
	next := 0
	for i, piece := range pieces {
		changed := next == len(kept) || side(kept[next]) != i
		if !changed {
			next++
		}
		if last := len(list) - 1; last >= 0 && list[last].Changed == changed {
			list[last].Text += piece
			continue
		}
		list = append(list, Segment{Text: piece, Changed: changed})
	}
	return list
}

// wordPieces cuts a line into its words, the white space between them, and all else rune by rune.
func wordPieces(s string) []string {
	var pieces []string
	for s != "" {
		kind, size := pieceKind(s)
		for kind != otherPiece && size < len(s) {
			next, n := pieceKind(s[size:])
			if next != kind {
				break
			}
			size += n
		}
		pieces, s = append(pieces, s[:size]), s[size:]
	}
	return pieces
}

const (
	otherPiece = iota
	wordPiece
	spacePiece
)

func pieceKind(s string) (kind, size int) {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
		return wordPiece, size
	case unicode.IsSpace(r):
		return spacePiece, size
	}
	return otherPiece, size
}

// similar pairs the lines that are versions of each other, in order, so that the common words are as many as can be.
func (b *budget) similar(left, right []string) (pairs []pair, ok bool) {
	if len(left)*len(right) > maxLinePairs {
		return nil, false
	}
	l, r := bags(left, right)
	best := make([][]float32, len(l)+1)
	best[len(l)] = make([]float32, len(r)+1)
	alike := make([][]float32, len(l))
	for i := len(l) - 1; i >= 0; i-- {
		best[i], alike[i] = make([]float32, len(r)+1), make([]float32, len(r))
		for j := len(r) - 1; j >= 0; j-- {
			if !b.spend(1 + len(l[i]) + len(r[j])) {
				return nil, false
			}
			alike[i][j] = likeness(l[i], r[j])
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if alike[i][j] >= minAlike {
				best[i][j] = max(best[i][j], best[i+1][j+1]+alike[i][j])
			}
		}
	}
	for i, j := 0, 0; i < len(l) && j < len(r); {
		switch {
		case alike[i][j] >= minAlike && best[i][j] == best[i+1][j+1]+alike[i][j]:
			pairs = append(pairs, pair{i, j})
			i, j = i+1, j+1
		case best[i][j] == best[i+1][j]:
			i++
		default:
			j++
		}
	}
	return pairs, true
}

// bags are the words of each line as sorted numbers.
func bags(left, right []string) (l, r [][]int32) {
	var words []string
	var ends []int
	for _, line := range slices.Concat(left, right) {
		for _, piece := range wordPieces(line) {
			if !blankPiece(piece) {
				words = append(words, piece)
			}
		}
		ends = append(ends, len(words))
	}
	numbers, _ := intern(words, nil)
	lines, start := make([][]int32, len(ends)), 0
	for i, end := range ends {
		lines[i], start = numbers[start:end], end
		slices.Sort(lines[i])
	}
	return lines[:len(left)], lines[len(left):]
}

// likeness is the share of the words of both lines that they have in common, from 0 to 1.
func likeness(a, b []int32) float32 {
	common := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			common, i, j = common+1, i+1, j+1
		}
	}
	return 2 * float32(common) / float32(max(1, len(a)+len(b)))
}
