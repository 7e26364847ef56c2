package events

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

func TestJSON(t *testing.T) {
	c := Created{"ml-data", "house/a b+%20&<東京>.csv", 5, `"b1946ac92492d2347c6235b4d2611184"`, "PutObject"}
	var got map[string]any
	if err := json.Unmarshal(c.JSON(), &got); err != nil {
		t.Fatal(err)
	}
	detail := got["detail"].(fields)
	object := detail["object"].(fields)
	made := []any{got["id"], got["time"], detail["request-id"], object["sequencer"]}
	for i, size := range []int{36, 20, 16, 18} {
		if text, ok := made[i].(string); !ok || len(text) != size {
			t.Errorf("%v has not %d characters", made[i], size)
		}
	}
	if _, err := time.Parse("2006-01-02T15:04:05Z", got["time"].(string)); err != nil {
		t.Error(err)
	}
	want := fields{
		"version": "0", "id": made[0], "detail-type": "Object Created", "source": "aws.s3", "account": "000000000000",
		"time": made[1], "region": "us-east-1", "resources": []any{"arn:aws:s3:::ml-data"},
		"detail": fields{
			"version": "0", "bucket": fields{"name": "ml-data"},
			"object":     fields{"key": "house/a b+%20&<東京>.csv", "size": 5.0, "etag": "b1946ac92492d2347c6235b4d2611184", "sequencer": made[3]},
			"request-id": made[2], "requester": "000000000000", "source-ip-address": "127.0.0.1", "reason": "PutObject",
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestSequencer(t *testing.T) {
	before := sequencer()
	for range 10_000 {
		s := sequencer()
		if s <= before {
			t.Fatalf("%s after %s", s, before)
		}
		before = s
	}
}
