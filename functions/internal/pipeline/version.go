package pipeline

// Version is the program's own; receipts carry it.
const Version = "0.1.0"
