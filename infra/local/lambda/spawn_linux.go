package lambda

import "syscall"

// attributes puts a child into a group of its own, out of the way of Ctrl-C,
// and has it killed should this process die.
var attributes = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
