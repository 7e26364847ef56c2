//go:build !linux

package lambda

import "syscall"

// attributes puts a child into a group of its own, out of the way of Ctrl-C.
// It ends by itself should this process die: its Runtime API is gone then.
var attributes = &syscall.SysProcAttr{Setpgid: true}
