package neighbors

import (
	"math"
	"slices"
	"testing"
)

// TestHeap compares with sklearn.neighbors._kd_tree.NeighborsHeap, on values
// with many ties.
func TestHeap(t *testing.T) {
	for k, want := range map[int][]int32{
		1:  {0},
		3:  {22, 0, 11},
		7:  {0, 11, 22, 33, 14, 3, 25},
		20: {0, 22, 33, 11, 36, 14, 25, 3, 28, 6, 39, 17, 9, 20, 31, 23, 34, 1, 12, 15},
	} {
		dist, at := make([]float64, k), make([]int32, k)
		for i := range dist {
			dist[i] = math.Inf(1)
		}
		for i := range 40 {
			push(dist, at, float64(i*37%11), int32(i))
		}
		quicksort(dist, at)
		if !slices.Equal(at, want) || !slices.IsSorted(dist) {
			t.Errorf("the nearest %d are %v at %v, want %v", k, at, dist, want)
		}
	}
}

func ties() selection {
	s := selection{make([]float64, 60), make([]int32, 60)}
	for i := range s.at {
		s.value[i], s.at[i] = float64(i*i*37%13), int32(i)
	}
	return s
}

// TestPartition compares with numpy.argpartition.
func TestPartition(t *testing.T) {
	for k, want := range map[int][]int32{
		1:  {0, 13},
		2:  {0, 13, 26},
		5:  {39, 0, 26, 52, 13, 21},
		20: {0, 13, 26, 34, 21, 39, 18, 52, 44, 31, 47, 37, 5, 2, 24, 57, 8, 11, 54, 50, 15},
		37: {28, 0, 2, 58, 57, 5, 54, 52, 8, 50, 47, 11, 46, 13, 45, 15, 44, 41, 18, 39, 37, 21, 34, 33, 24, 32, 26, 31, 59, 6, 20, 30, 43, 9, 17, 7, 19, 48},
	} {
		s := ties()
		s.partition(k)
		if !slices.Equal(s.at[:k+1], want) {
			t.Errorf("partition(%d) is %v, want %v", k, s.at[:k+1], want)
		}
	}
	s := ties()
	s.partition(59)
	if s.at[59] != 53 || s.at[53] != 59 {
		t.Errorf("partition(59) puts %d last", s.at[59])
	}
}

// TestSort compares with numpy.argsort.
func TestSort(t *testing.T) {
	want := []int32{
		0, 39, 26, 52, 13, 5, 31, 21, 34, 18, 44, 57, 8, 47, 2, 41, 15, 54, 37, 50, 24, 11, 28, 45, 46, 33, 32, 58, 59, 6,
		7, 20, 19, 56, 48, 9, 43, 4, 35, 22, 30, 17, 16, 55, 42, 36, 3, 10, 23, 49, 29, 1, 53, 25, 27, 14, 40, 38, 51, 12,
	}
	s := ties()
	s.sort()
	if !slices.Equal(s.at, want) {
		t.Errorf("got %v, want %v", s.at, want)
	}
}

func TestWeigh(t *testing.T) {
	for _, c := range []struct{ dist, want []float64 }{
		{[]float64{0.5, 4}, []float64{2, 0.25}},
		{[]float64{0, 0, 4}, []float64{1, 1, 0}},
		{[]float64{1e-320, 4}, []float64{1, 0}}, // its inverse overflows
	} {
		got := slices.Clone(c.dist)
		weigh(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("weights of %v are %v, want %v", c.dist, got, c.want)
		}
	}
}

// TestIntrosort compares with sklearn.utils._sorting._py_simultaneous_sort of
// scikit-learn 1.9, on values with many ties.
func TestIntrosort(t *testing.T) {
	for n, want := range map[int][]int32{
		5:  {0, 2, 4, 3, 1},
		16: {0, 13, 5, 8, 2, 15, 11, 6, 7, 4, 9, 10, 3, 12, 1, 14},
		40: {
			0, 26, 13, 39, 5, 21, 8, 34, 18, 31, 24, 28, 37, 11, 2, 15, 20, 19, 33, 7,
			6, 32, 4, 35, 30, 22, 17, 9, 23, 29, 3, 16, 10, 36, 1, 27, 14, 12, 38, 25,
		},
	} {
		dist, at := pairs(n)
		introsort(dist, at, 100)
		if !slices.Equal(at, want) || !slices.IsSorted(dist) {
			t.Errorf("%d values: %v at %v, want %v", n, at, dist, want)
		}
	}
	dist, at := pairs(100)
	values := slices.Clone(dist)
	introsort(dist, at, 0)
	for i, row := range at {
		if values[row] != dist[i] || i > 0 && dist[i-1] > dist[i] {
			t.Fatalf("the heap sorts to %v at %v", at, dist)
		}
	}
}

func pairs(n int) (dist []float64, at []int32) {
	for i := range n {
		dist, at = append(dist, float64(i*i*37%13)), append(at, int32(i))
	}
	return dist, at
}
