// Package ui holds the parts of pages that are used twice or more.
package ui

import (
	"strconv"
	"strings"

	"congso/store/model"
)

// Pages is a list's place among its pages.
type Pages struct {
	Current int // from 1
	Last    int
	Href    func(page int) string
}

// Around are the page numbers that the pager shows; 0 stands for a gap.
func (p Pages) Around() []int {
	var list []int
	previous := 0
	for n := 1; n <= p.Last; n++ {
		if n > 1 && n < p.Last && (n < p.Current-2 || n > p.Current+2) {
			if n < p.Current {
				n = max(n, p.Current-3)
			} else {
				n = p.Last - 1
			}
			continue
		}
		if n > previous+1 {
			list = append(list, 0)
		}
		list = append(list, n)
		previous = n
	}
	return list
}

func itoa(n int) string { return strconv.Itoa(n) }

// fileType is the kind of a file as people call it: "DOCX", "PDF".
func fileType(m model.Media) string { return strings.ToUpper(strings.TrimPrefix(m.Ext(), ".")) }
