package frame

// Arena is the memory of one worker's frames: what they take is kept and
// given again after Reset, so that a steady stream of blocks allocates nothing.
// It serves one goroutine at a time.
type Arena struct {
	f64  pool[float64]
	i32  pool[int32]
	u32  pool[uint32]
	text pool[string]
	mark pool[bool]
}

// Reset takes back all that was given. Frames made before it are void.
func (a *Arena) Reset() {
	a.f64.used = 0
	a.i32.used = 0
	a.u32.used = 0
	a.text.used = 0
	a.mark.used = 0
}

func (a *Arena) floats(n int) []float64 {
	if a == nil {
		return make([]float64, n)
	}
	return a.f64.take(n)
}

func (a *Arena) codes(n int) []int32 {
	if a == nil {
		return make([]int32, n)
	}
	return a.i32.take(n)
}

func (a *Arena) keys(n int) []uint32 {
	if a == nil {
		return make([]uint32, n)
	}
	return a.u32.take(n)
}

func (a *Arena) texts(n int) []string {
	if a == nil {
		return make([]string, n)
	}
	return a.text.take(n)
}

func (a *Arena) marks(n int) []bool {
	if a == nil {
		return make([]bool, n)
	}
	return a.mark.take(n)
}

// pool hands out the slices that it made before, in turn, each grown when it
// is too short for what is asked of it now, and then by some more: blocks differ
// a little in their rows.
type pool[T any] struct {
	slices [][]T
	used   int
}

func (p *pool[T]) take(n int) []T {
	if p.used == len(p.slices) {
		p.slices = append(p.slices, nil)
	}
	s := p.slices[p.used]
	if cap(s) < n {
		s = make([]T, n, n+n/8)
	} else {
		s = s[:n]
		clear(s)
	}
	p.slices[p.used] = s
	p.used++
	return s
}
