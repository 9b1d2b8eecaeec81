package load

import (
	"math"
	"math/bits"
	"time"
)

// Times are how long answers took, kept within 1.6 % each in a few kilobytes however many they are. The zero Times has none.
type Times struct {
	counts [64 * stepsPerDouble]uint32
	n      uint64
}

// stepsPerDouble is how many steps there are between a time and twice that time.
const stepsPerDouble = 64

// Add adds a time.
func (t *Times) Add(d time.Duration) {
	t.counts[step(d)]++
	t.n++
}

// step is the place of a time among the counts: exact below 64 ns, then by the six bits after the first.
func step(d time.Duration) int {
	v := uint64(max(d, 0))
	if v < stepsPerDouble {
		return int(v)
	}
	shift := bits.Len64(v) - 7
	return shift*stepsPerDouble + int(v>>shift)
}

// stepTime is the longest time of a step.
func stepTime(place int) time.Duration {
	if place < 2*stepsPerDouble {
		return time.Duration(place)
	}
	shift := place/stepsPerDouble - 1
	return time.Duration((uint64(place-shift*stepsPerDouble)+1)<<shift - 1)
}

// Merge adds the times of o.
func (t *Times) Merge(o *Times) {
	for i, n := range o.counts {
		t.counts[i] += n
	}
	t.n += o.n
}

// Count is how many times there are.
func (t *Times) Count() int { return int(t.n) }

// At is the time that the given share of all, from 0 to 1, did not exceed; 0 when there are none.
func (t *Times) At(share float64) time.Duration {
	left := max(uint64(math.Ceil(share*float64(t.n))), 1)
	for place, n := range t.counts {
		if uint64(n) >= left {
			return stepTime(place)
		}
		left -= uint64(n)
	}
	return 0
}
