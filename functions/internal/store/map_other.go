//go:build !darwin && !linux

package store

import (
	"io"
	"os"
)

// mapped hands the first bytes of a file to use.
func mapped(file *os.File, size int64, use func([]byte) error) error {
	data := make([]byte, size)
	if _, err := io.ReadFull(file, data); err != nil {
		return err
	}
	return use(data)
}
