//go:build !race

package pipeline

// shardCases is how many tables TestShards makes.
const shardCases = 100_000
