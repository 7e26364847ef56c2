package numpy

// ArgSort orders indices by the values they point at, equal ones in numpy's
// own order, which is not theirs: quicksort of the median of three, insertion
// sort for at most 16.
// Source: numpy/core/src/npysort/quicksort.cpp, aquicksort.
func ArgSort(values []float64, at []int) {
	for len(at) > 16 {
		last := len(at) - 1
		mid := last / 2
		order := func(i, j int) {
			if less(values[at[j]], values[at[i]]) {
				at[i], at[j] = at[j], at[i]
			}
		}
		order(0, mid)
		order(mid, last)
		order(0, mid)
		pivot := values[at[mid]]
		at[mid], at[last-1] = at[last-1], at[mid]
		i, j := 0, last-1
		for {
			for i++; less(values[at[i]], pivot); i++ {
			}
			for j--; less(pivot, values[at[j]]); j-- {
			}
			if i >= j {
				break
			}
			at[i], at[j] = at[j], at[i]
		}
		at[i], at[last-1] = at[last-1], at[i]
		ArgSort(values, at[i+1:])
		at = at[:i]
	}
	for i := 1; i < len(at); i++ {
		moving := at[i]
		j := i
		for ; j > 0 && less(values[moving], values[at[j-1]]); j-- {
			at[j] = at[j-1]
		}
		at[j] = moving
	}
}

// less sorts NaN to the end.
func less(a, b float64) bool { return a < b || b != b && a == a }
