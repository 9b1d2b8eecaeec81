package web

import (
	"bytes"
	"fmt"
	"hash/crc32"

	"congso/views/layout"
)

// settle takes the marks of live text out of a page, in place, and returns the page with its weak tag (RFC 9110, 8.8.3): that of
// all other text. The tag is no proof against somebody who makes up two pages with the same one: whoever may write here has no use for it.
func settle(page []byte) (body []byte, tag string) {
	castagnoli := crc32.MakeTable(crc32.Castagnoli)
	var one, two uint32
	body = page[:0]
	for live := false; ; live = !live {
		part, rest, more := bytes.Cut(page, []byte(layout.LiveMark))
		if !live {
			one, two = crc32.Update(one, castagnoli, part), crc32.Update(two, crc32.IEEETable, part)
		}
		body = append(body, part...) // moves it to the front: body is never ahead of part
		if !more {
			return body, fmt.Sprintf(`W/"%08x%08x"`, one, two)
		}
		page = rest
	}
}

// Tag is the weak tag of an answer all of whose text counts.
func Tag(body []byte) string {
	return fmt.Sprintf(`W/"%08x%08x"`, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)), crc32.ChecksumIEEE(body))
}
