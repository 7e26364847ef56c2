//go:build darwin || linux

package store

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
)

// mapped hands the first bytes of a file to use without copying them: a page is
// read when it is looked at. One that has gone since, because the file was cut or its
// disk failed, is an error.
func mapped(file *os.File, size int64, use func([]byte) error) (err error) {
	if size == 0 {
		return use(nil)
	}
	data, err := syscall.Mmap(int(file.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_PRIVATE)
	if err != nil {
		return fmt.Errorf("mapping it: %w", err)
	}
	defer syscall.Munmap(data)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case interface {
			runtime.Error
			Addr() uintptr
		}:
			err = fmt.Errorf("reading it: %w", fault)
		default:
			panic(fault)
		}
	}()
	return use(data)
}
