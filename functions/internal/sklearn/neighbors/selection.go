package neighbors

import "math/bits"

// selection orders indices by the values they point at, with numpy's own
// treatment of ties. NaN counts as larger than any number.
type selection struct {
	value []float64
	at    []int32
}

func (s selection) less(i, j int) bool     { return below(s.value[s.at[i]], s.value[s.at[j]]) }
func (s selection) swap(i, j int)          { s.at[i], s.at[j] = s.at[j], s.at[i] }
func (s selection) key(i int) float64      { return s.value[s.at[i]] }
func (s selection) sub(i, j int) selection { return selection{s.value, s.at[i:j]} }

func below(a, b float64) bool { return a < b || b != b && a == a }

// partition brings the index of the k-th smallest value (from 0) into place k,
// those of smaller ones before and of larger ones behind it: numpy.argpartition.
// Source: numpy/core/src/npysort/selection.cpp, introselect.
func (s selection) partition(k int) {
	low, high := 0, len(s.at)-1
	if k < 3 {
		s.selectSmallest(k + 1)
		return
	}
	if k == high {
		s.largestLast()
		return
	}
	limit := 2 * (bits.Len(uint(len(s.at))) - 1)
	for low+1 < high {
		ll, hh := low+1, high
		if limit > 0 || hh-ll < 5 {
			s.medianOf3(low, low+(high-low)/2, high)
		} else {
			s.swap(ll+s.sub(ll, hh).medianOfMedians(), low)
			ll--
			hh++
		}
		limit--
		ll, hh = s.split(s.key(low), ll, hh)
		s.swap(low, hh)
		if hh >= k {
			high = hh - 1
		}
		if hh <= k {
			low = ll
		}
	}
	if high == low+1 && s.less(high, low) {
		s.swap(high, low)
	}
}

// selectSmallest puts the n smallest in front, one after the other.
func (s selection) selectSmallest(n int) {
	for i := range n {
		least := i
		for j := i + 1; j < len(s.at); j++ {
			if s.less(j, least) {
				least = j
			}
		}
		s.swap(i, least)
	}
}

func (s selection) largestLast() {
	most := 0
	for i := 1; i < len(s.at); i++ {
		if !s.less(i, most) {
			most = i
		}
	}
	s.swap(most, len(s.at)-1)
}

// medianOf3 leaves the pivot at low and a smaller one behind it.
func (s selection) medianOf3(low, mid, high int) {
	if s.less(high, mid) {
		s.swap(high, mid)
	}
	if s.less(high, low) {
		s.swap(high, low)
	}
	if s.less(low, mid) {
		s.swap(low, mid)
	}
	s.swap(mid, low+1)
}

func (s selection) split(pivot float64, ll, hh int) (int, int) {
	for {
		for ll++; below(s.key(ll), pivot); ll++ {
		}
		for hh--; below(pivot, s.key(hh)); hh-- {
		}
		if hh < ll {
			return ll, hh
		}
		s.swap(ll, hh)
	}
}

func (s selection) medianOfMedians() int {
	n := len(s.at) / 5
	for i := range n {
		s.swap(5*i+s.sub(5*i, 5*i+5).medianOf5(), i)
	}
	if n > 2 {
		s.sub(0, n).partition(n / 2)
	}
	return n / 2
}

func (s selection) medianOf5() int {
	for _, pair := range [...][2]int{{1, 0}, {4, 3}, {3, 0}, {4, 1}, {2, 1}} {
		if s.less(pair[0], pair[1]) {
			s.swap(pair[0], pair[1])
		}
	}
	switch {
	case !s.less(3, 2):
		return 2
	case s.less(3, 1):
		return 1
	}
	return 3
}

// sort is numpy.argsort of the values that the indices point at.
// Source: numpy/core/src/npysort/quicksort.cpp, aquicksort.
func (s selection) sort() {
	for len(s.at) > 16 {
		last := len(s.at) - 1
		mid := last / 2
		if s.less(mid, 0) {
			s.swap(mid, 0)
		}
		if s.less(last, mid) {
			s.swap(last, mid)
		}
		if s.less(mid, 0) {
			s.swap(mid, 0)
		}
		pivot := s.key(mid)
		s.swap(mid, last-1)
		i, j := 0, last-1
		for {
			for i++; below(s.key(i), pivot); i++ {
			}
			for j--; below(pivot, s.key(j)); j-- {
			}
			if i >= j {
				break
			}
			s.swap(i, j)
		}
		s.swap(i, last-1)
		s.sub(i+1, last+1).sort()
		s = s.sub(0, i)
	}
	for i := 1; i < len(s.at); i++ {
		moving := s.at[i]
		j := i
		for ; j > 0 && below(s.value[moving], s.key(j-1)); j-- {
			s.at[j] = s.at[j-1]
		}
		s.at[j] = moving
	}
}
