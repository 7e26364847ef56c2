package decimal

//go:generate go run powers_gen.go

// power is 10^p as 128 bits with the highest set, rounded up: high·2^64 − less.
// The table powers begins with that of minPower.
type power struct{ high, less uint64 }
