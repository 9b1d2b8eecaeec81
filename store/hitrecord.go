package store

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// A view in the journal, little endian:
//
//	1 byte    recordMark
//	1 byte    which hashes follow
//	2 bytes   length of the whole
//	8 bytes   Unix time of the view
//	8 bytes   Unix time at which the day began whose salt made the hash
//	16 bytes  hash of the visitor, if there is one
//	16 bytes  hash of who is online, if there is one
//	16 bytes  the hash of the day before that this one replaces, if there is one
//	the path; none for one that has no count of its own
//	4 bytes   CRC-32C of all before it, begun with that of the writer's name
//
// The writer's name keeps what another writer's file, or a path, holds by chance or by intent from being taken for a view.
const (
	recordMark  = 0xC5
	recordFixed = 1 + 1 + 2 + 8 + 8
	recordMost  = recordFixed + 3*hashBytes + maxPathBytes + crc32.Size
)

const (
	withVisitor = 1 << iota
	withOnline
	withBefore
)

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) } // made once by the standard library

// recordSeed is where the checksums of a writer's records begin.
func recordSeed(writer string) uint32 { return crc32.Checksum([]byte(writer), castagnoli()) }

// hit is one view.
type hit struct {
	at      int64 // Unix time
	visitor Visitor
	path    []byte // "" for one that has no count of its own
}

// appendHit appends the record of a view. The path must have been looked at by ownCount.
func appendHit(to []byte, v *Visitor, path string, at int64, seed uint32) []byte {
	begin := len(to)
	to = append(to, recordMark, v.parts(), 0, 0)
	to = binary.LittleEndian.AppendUint64(to, uint64(at))
	to = binary.LittleEndian.AppendUint64(to, uint64(v.since))
	for _, hash := range []*visitorHash{&v.hash, &v.online, &v.onlineBefore} {
		if *hash != (visitorHash{}) {
			to = append(to, hash[:]...)
		}
	}
	to = append(to, path...)
	binary.LittleEndian.PutUint16(to[begin+2:], uint16(len(to)-begin+crc32.Size))
	return binary.LittleEndian.AppendUint32(to, crc32.Update(seed, castagnoli(), to[begin:]))
}

// parts says which hashes the visitor has.
func (v *Visitor) parts() (parts byte) {
	if v.hash != (visitorHash{}) {
		parts |= withVisitor
	}
	if v.online != (visitorHash{}) {
		parts |= withOnline
	}
	if v.onlineBefore != (visitorHash{}) {
		parts |= withBefore
	}
	return parts
}

// eachHit calls count with the views in data, in the order in which they were written, and returns how many bytes it has read and how many of
// them were neither a view nor empty: what a write that was cut short, or a bad disk, has left. A view after them is found all the same.
// Unless data is the last piece, it leaves what could be the beginning of a view at its end. The view is good during the call.
func eachHit(data []byte, seed uint32, last bool, count func(*hit)) (read, damaged int64) {
	h, all := new(hit), len(data) // one for all: it would be made anew for each call
	for len(data) > 0 && (last || len(data) >= recordMost) {
		n := h.read(data, seed)
		if n > 0 {
			count(h)
			data = data[n:]
			continue
		}
		next := bytes.IndexByte(data[1:], recordMark) + 1
		if next == 0 {
			next = len(data)
		}
		damaged += int64(next - bytes.Count(data[:next], []byte{0}))
		data = data[next:]
	}
	return int64(all - len(data)), damaged
}

// read makes h the view at the beginning of data, and returns how many bytes that takes; 0 when there is none.
func (h *hit) read(data []byte, seed uint32) (n int) {
	if len(data) < recordFixed+crc32.Size || data[0] != recordMark {
		return 0
	}
	n = int(binary.LittleEndian.Uint16(data[2:]))
	if n < recordFixed+crc32.Size || n > len(data) || n > recordMost {
		return 0
	}
	parts, body, sum := data[1], data[:n-crc32.Size], data[n-crc32.Size:n]
	if crc32.Update(seed, castagnoli(), body) != binary.LittleEndian.Uint32(sum) {
		return 0
	}
	h.visitor = Visitor{}
	h.at = int64(binary.LittleEndian.Uint64(body[4:]))
	h.visitor.since = int64(binary.LittleEndian.Uint64(body[12:]))
	h.path = body[recordFixed:]
	for _, part := range []struct {
		bit  byte
		into *visitorHash
	}{{withVisitor, &h.visitor.hash}, {withOnline, &h.visitor.online}, {withBefore, &h.visitor.onlineBefore}} {
		if parts&part.bit == 0 {
			continue
		}
		if len(h.path) < hashBytes {
			return 0
		}
		h.path = h.path[copy(part.into[:], h.path):]
	}
	return n
}
