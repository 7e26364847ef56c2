// Nothing is a program that does nothing: what every program of Go takes.
package main

func main() {}
