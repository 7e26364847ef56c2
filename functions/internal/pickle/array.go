package pickle

import "errors"

// Floats returns the elements in C order as float64.
func (a *Array) Floats() ([]float64, error) { return nil, errors.New("pickle: not yet") }

// Ints returns the elements in C order as int64.
func (a *Array) Ints() ([]int64, error) { return nil, errors.New("pickle: not yet") }

// Strings returns the elements in C order as strings.
func (a *Array) Strings() ([]string, error) { return nil, errors.New("pickle: not yet") }
