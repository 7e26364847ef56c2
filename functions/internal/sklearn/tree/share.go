package tree

import "math"

// fewRows is how many leaves tell whether most of a tree's share their values.
const fewRows = 512

// share gives leaves that hold the same one number, where that is so for most:
// the leaves of a classifier's deep trees are of one class each, and a table of
// a few rows stays in the cache. It returns the values of the numbers. Those of
// a regressor differ, which the first ones show.
func share[T float32 | float64](t *compiled, width int, value []T) []T {
	var recent [256]uint32 // one more than a number, by the hash of its values
	var numbers []uint32
	var shared []T
	for first := 0; first < len(value); first += width {
		row := value[first:][:width]
		known := &recent[hash(row)]
		if *known == 0 || !same(shared[int(*known-1)*width:][:width], row) {
			if len(shared) >= max(min(len(value), fewRows*width), first)/2 {
				return value
			}
			shared = append(shared, row...)
			*known = uint32(len(shared) / width)
		}
		numbers = append(numbers, *known-1)
	}
	for i, n := range t.nodes {
		if n.key >= firstLeaf {
			t.nodes[i].key = firstLeaf + numbers[n.key-firstLeaf]
		}
	}
	for i, n := range t.wide {
		if n.key >= firstLeaf {
			t.wide[i].key = firstLeaf + numbers[n.key-firstLeaf]
		}
	}
	return shared
}

func hash[T float32 | float64](row []T) uint8 {
	var h uint64
	for _, v := range row {
		h = (h ^ math.Float64bits(float64(v))) * 0x9e3779b97f4a7c15
	}
	return uint8(h >> 56)
}

// same compares bits: the zeros of both signs are two numbers.
func same[T float32 | float64](a, b []T) bool {
	for i := range a {
		if math.Float64bits(float64(a[i])) != math.Float64bits(float64(b[i])) {
			return false
		}
	}
	return true
}
