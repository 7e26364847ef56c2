package featureextraction

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// place returns the column of a term among width, and whether its hash is negative.
// Source: sklearn/feature_extraction/_hashing_fast.pyx, transform.
func place(term []byte, width int) (column int, negative bool) {
	h := int64(int32(murmur3(term)))
	switch {
	case h == math.MinInt32:
		return (math.MaxInt32 - (width - 1)) % width, true
	case h < 0:
		return int(-h) % width, true
	}
	return int(h) % width, false
}

// murmur3 is MurmurHash3_x86_32 with seed 0.
// Source: sklearn/utils/src/MurmurHash3.cpp.
func murmur3(key []byte) uint32 {
	var h uint32
	n := len(key)
	for ; len(key) >= 4; key = key[4:] {
		h ^= scramble(binary.LittleEndian.Uint32(key))
		h = bits.RotateLeft32(h, 13)*5 + 0xe6546b64
	}
	var rest uint32
	for i := len(key) - 1; i >= 0; i-- {
		rest = rest<<8 | uint32(key[i])
	}
	h ^= scramble(rest) ^ uint32(n)
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}

func scramble(k uint32) uint32 { return bits.RotateLeft32(k*0xcc9e2d51, 15) * 0x1b873593 }
