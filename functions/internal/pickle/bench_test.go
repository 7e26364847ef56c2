package pickle

import "testing"

func BenchmarkDecode(b *testing.B) {
	data := readFile(b, "testdata/arrays-joblib-p4.pkl")
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFloats(b *testing.B) {
	const n = 1 << 20
	a := &Array{Dtype: Dtype{Kind: 'f', Size: 8}, Shape: []int{n}, Data: make([]byte, 8*n)}
	b.SetBytes(8 * n)
	for b.Loop() {
		if _, err := a.Floats(); err != nil {
			b.Fatal(err)
		}
	}
}
