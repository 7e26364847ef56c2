//go:build race

package pipeline

// shardCases is how many tables TestShards makes: with the race detector each
// takes ten times as long.
const shardCases = 4_000
