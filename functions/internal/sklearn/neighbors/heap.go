package neighbors

import (
	"math/bits"

	"brine/functions/internal/sklearn/estimator"
)

// push offers a neighbour to a full max-heap: it takes the root's place if it
// is nearer. Of two at the same distance the one that came first stays.
// Source: sklearn/utils/_heap.pyx, heap_push.
func push(dist []float64, at []int32, d float64, i int32) {
	if d >= dist[0] {
		return
	}
	at = at[:len(dist)]
	hole := 0
	for {
		child := 2*hole + 1
		if child >= len(dist) {
			break
		}
		if right := child + 1; right < len(dist) && !(dist[child] >= dist[right]) {
			child = right
		}
		if !(d < dist[child]) {
			break
		}
		dist[hole], at[hole] = dist[child], at[child]
		hole = child
	}
	dist[hole], at[hole] = d, i
}

// order sorts pairs as the version of scikit-learn does that wrote o.
func order(o *estimator.Object) func(dist []float64, at []int32) {
	if o.Before(1, 9) {
		return quicksort
	}
	return func(dist []float64, at []int32) {
		if n := uint(len(dist)); n > 0 {
			introsort(dist, at, 2*(bits.Len(n)-1))
		}
	}
}

// quicksort sorts both slices by distance and leaves ties in an order of its
// own.
// Source: sklearn/utils/_sorting.pyx, simultaneous_sort, up to 1.8.
func quicksort(dist []float64, at []int32) {
	swap := func(i, j int) {
		dist[i], dist[j] = dist[j], dist[i]
		at[i], at[j] = at[j], at[i]
	}
	switch n := len(dist); {
	case n <= 1:
	case n == 2:
		if dist[0] > dist[1] {
			swap(0, 1)
		}
	case n == 3:
		if dist[0] > dist[1] {
			swap(0, 1)
		}
		if dist[1] > dist[2] {
			swap(1, 2)
			if dist[0] > dist[1] {
				swap(0, 1)
			}
		}
	default:
		last := n - 1
		pivot, store := medianLast(dist, swap), 0
		for i, d := range dist[:last] {
			if d < pivot {
				swap(i, store)
				store++
			}
		}
		swap(store, last)
		quicksort(dist[:store], at[:store])
		quicksort(dist[store+1:], at[store+1:])
	}
}

// medianLast puts the median of three last and the smallest of them first.
func medianLast(dist []float64, swap func(i, j int)) float64 {
	mid, last := len(dist)/2, len(dist)-1
	if dist[0] > dist[last] {
		swap(0, last)
	}
	if dist[last] > dist[mid] {
		swap(last, mid)
		if dist[0] > dist[last] {
			swap(0, last)
		}
	}
	return dist[last]
}

// introsort is quicksort with two-way partitions, insertion of few pairs, and
// heapsort below depth.
// Source: sklearn/utils/_sorting.pyx, introsort_2way, from 1.9.
func introsort(dist []float64, at []int32, depth int) {
	for len(dist) > 15 {
		swap := func(i, j int) {
			dist[i], dist[j] = dist[j], dist[i]
			at[i], at[j] = at[j], at[i]
		}
		if depth <= 0 {
			heapsort(dist, swap)
			return
		}
		depth--
		pivot := medianLast(dist, swap)
		i, j := 1, len(dist)-2
		for {
			for i <= j && dist[i] < pivot {
				i++
			}
			for i <= j && dist[j] > pivot {
				j--
			}
			if i >= j {
				break
			}
			swap(i, j)
			i++
			j--
		}
		swap(i, len(dist)-1)
		introsort(dist[:i], at[:i], depth)
		dist, at = dist[i+1:], at[i+1:]
	}
	insert(dist, at)
}

// insert is insertion_sort of the same file.
func insert(dist []float64, at []int32) {
	for i := 1; i < len(dist); i++ {
		d, row, j := dist[i], at[i], i
		for ; j > 0 && dist[j-1] > d; j-- {
			dist[j], at[j] = dist[j-1], at[j-1]
		}
		dist[j], at[j] = d, row
	}
}

// heapsort is heapsort of the same file.
func heapsort(dist []float64, swap func(i, j int)) {
	n := len(dist)
	for start := (n - 2) / 2; start >= 0; start-- {
		sift(dist, swap, start, n)
	}
	for end := n - 1; end > 0; end-- {
		swap(0, end)
		sift(dist, swap, 0, end)
	}
}

func sift(dist []float64, swap func(i, j int), root, end int) {
	for {
		largest := root
		for child := 2*root + 1; child <= 2*root+2 && child < end; child++ {
			if dist[largest] < dist[child] {
				largest = child
			}
		}
		if largest == root {
			return
		}
		swap(root, largest)
		root = largest
	}
}
