package job

import (
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzPayload: any payload makes a request that travels as it is, or an error
// that says what is wrong with it.
func FuzzPayload(f *testing.F) {
	for _, payload := range []string{
		`{"model_s3_uri":"s3://models/a b+%/m.pkl","data_s3_uri":"s3://data/x.csv","output_s3_uri":"s3://out/é.csv","prediction_column_name":"y","feature_columns":["a","b"],"on_error":"reject","max_error_rate":0.5}`,
		`{"model_s3_uri":"s3://models/m.pkl","data_s3_uri":"s3://data/x.csv","output_s3_uri":"s3://out/y.csv","prediction_column_name":"y","feature_columns":"auto"}`,
		`{"model_s3_uri":"s3://models//","data_s3_uri":null,"output_s3_uri":7,"prediction_column_name":{},"feature_columns":[[]]}`,
		"\ufeff{}", `null`, `[`, `{"feature_columns":["a","a"],"max_error_rate":1e999}`,
	} {
		f.Add([]byte(payload))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParsePayload("the payload", data)
		var r *Request
		if err == nil {
			r, err = p.Request()
		}
		if err != nil {
			if TypeOf(err) != ValidationError || len(err.Error()) < 20 {
				t.Errorf("%s: %v", TypeOf(err), err)
			}
			return
		}
		travelled, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var again Request
		if err := json.Unmarshal(travelled, &again); err != nil || !reflect.DeepEqual(&again, r) {
			t.Errorf("%+v travels as %+v: %v", r, again, err)
		}
	})
}
