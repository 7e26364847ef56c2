package job

import (
	"math"
	"runtime"
)

// The prices in US$ for us-east-1, without free tier, discounts and taxes.
// Sources: aws.amazon.com/lambda/pricing, /step-functions/pricing (Standard
// Workflows) and /s3/pricing (S3 Standard).
const (
	pricesOf = "us-east-1, 2025-01"

	perGBSecondARM = 0.0000133334
	perGBSecondX86 = 0.0000166667
	perRequest     = 0.20 / 1e6
	perTransition  = 0.025 / 1e3
	perS3Write     = 0.005 / 1e3 // PUT, COPY, POST, LIST
	perS3Read      = 0.0004 / 1e3
)

// Cost is what a job took that AWS puts on a bill, and what that costs: but
// for attempts that failed, cold starts, the receipt itself and the time after
// it, logs and storage.
type Cost struct {
	GBSeconds   float64 `json:"gb_seconds"`
	Requests    int     `json:"function_requests"`
	Transitions int     `json:"state_transitions"`
	Reads       int64   `json:"s3_reads"`
	Writes      int64   `json:"s3_writes"`
	USD         float64 `json:"usd"`
	Prices      string  `json:"prices"` // of where and when
}

func newCost(all Usage, s Spent) Cost {
	perGBSecond := perGBSecondX86
	if runtime.GOARCH == "arm64" {
		perGBSecond = perGBSecondARM
	}
	usd := all.GBSeconds*perGBSecond + float64(s.Requests)*perRequest + float64(s.Transitions)*perTransition +
		float64(all.Reads)*perS3Read + float64(all.Writes)*perS3Write
	return Cost{
		GBSeconds: round(all.GBSeconds, 1e3), Requests: s.Requests, Transitions: s.Transitions,
		Reads: all.Reads, Writes: all.Writes, USD: round(usd, 1e9), Prices: pricesOf,
	}
}

func round(v, steps float64) float64 { return math.Round(v*steps) / steps }
