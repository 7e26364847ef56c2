package job

import (
	"strings"
	"testing"
)

const complete = `{
	"model_s3_uri": "s3://ml-models/u/model.pkl",
	"data_s3_uri": "s3://ml-data/u/in put+%東京.csv",
	"output_s3_uri": "s3://ml-results/u/out.csv",
	"prediction_column_name": "price",
	"feature_columns": ["sqft", "bedrooms"],
	"an_unknown_field": {"is": "ignored"}
}`

func parse(t *testing.T, text string) (*Request, error) {
	t.Helper()
	p, err := ParsePayload("the payload", []byte(text))
	if err != nil {
		return nil, err
	}
	return p.Request()
}

func TestRequest(t *testing.T) {
	r, err := parse(t, complete)
	if err != nil {
		t.Fatal(err)
	}
	if want := (URI{"ml-data", "u/in put+%東京.csv"}); r.Data != want {
		t.Errorf("data is %v, want %v", r.Data, want)
	}
	if len(r.Features) != 2 || r.Column != "price" {
		t.Errorf("got %+v", r)
	}
	if r.Rejects() || r.MaxErrorRate != 0.01 {
		t.Errorf("got %+v", r)
	}
	reject, err := parse(t, strings.Replace(complete, `"price"`, `"price", "on_error": "reject", "max_error_rate": 0`, 1))
	if err != nil || !reject.Rejects() || reject.MaxErrorRate != 0 || reject.RejectsURI().Key != "u/out.csv.rejects.csv" {
		t.Errorf("reject gives %+v, %v", reject, err)
	}
	// What a job writes only if it rejects may be read by one that does not.
	if _, err := parse(t, strings.Replace(complete, "s3://ml-data/u/in put+%東京.csv", "s3://ml-results/u/out.csv.rejects.csv", 1)); err != nil {
		t.Error(err)
	}
	longest := URI{"ml-results", strings.Repeat("x", 1011)}
	if r, err := parse(t, strings.Replace(complete, "u/out.csv", longest.Key, 1)); err != nil || r.Output != longest {
		t.Errorf("a key of 1011 bytes gives %+v, %v", r, err)
	}
	path := *r
	path.Output = URI{Key: strings.Repeat("x", 1024)}
	if err := path.Check(); err != nil {
		t.Errorf("a long path: %v", err)
	}
	auto, err := parse(t, strings.Replace(complete, `["sqft", "bedrooms"]`, `"auto"`, 1))
	if err != nil || auto.Features != nil {
		t.Errorf("auto gives %v, %v", auto, err)
	}
}

func TestRequestRefused(t *testing.T) {
	replace := func(old, new string) string {
		if !strings.Contains(complete, old) {
			t.Fatalf("%s is not in the payload", old)
		}
		return strings.Replace(complete, old, new, 1)
	}
	for name, c := range map[string]struct{ payload, want string }{
		"not JSON":         {`{`, "the payload must be a JSON object"},
		"a list":           {`[]`, "the payload must be a JSON object"},
		"null":             {`null`, "the payload must be a JSON object"},
		"empty":            {`{}`, "Missing required fields: model_s3_uri, data_s3_uri, output_s3_uri, prediction_column_name, feature_columns"},
		"null field":       {replace(`"price"`, `null`), "Missing required fields: prediction_column_name"},
		"column a number":  {replace(`"price"`, `5`), "prediction_column_name must be a string, found number"},
		"column empty":     {replace(`"price"`, `""`), "prediction_column_name must not be empty"},
		"features number":  {replace(`["sqft", "bedrooms"]`, `3`), `feature_columns must be a list of column names or "auto", found number`},
		"features mixed":   {replace(`"bedrooms"`, `7`), `feature_columns must be a list of column names or "auto", found number`},
		"features word":    {replace(`["sqft", "bedrooms"]`, `"all"`), `found "all"`},
		"features none":    {replace(`["sqft", "bedrooms"]`, `[]`), "feature_columns must name at least one column"},
		"features twice":   {replace(`"bedrooms"`, `"sqft"`), `feature_columns names "sqft" twice`},
		"features unnamed": {replace(`"bedrooms"`, `null`), "feature_columns has a name that is empty"},
		"output a rejects": {replace(`u/out.csv`, `u/out.csv.rejects.csv`), "output_s3_uri ends in .rejects.csv, as what is written beside another result does"},
		"output a receipt": {replace(`u/out.csv`, `u/out.csv.receipt.json`), "output_s3_uri ends in .receipt.json, as what is written beside another result does"},
		"uri a number":     {replace(`"s3://ml-models/u/model.pkl"`, `1`), "model_s3_uri must be a string, found number"},
		"uri http":         {replace(`s3://ml-models/u/model.pkl`, `http://x/y`), `Invalid S3 URI in model_s3_uri: "http://x/y": it does not start with s3://`},
		"uri no bucket":    {replace(`s3://ml-models/u/model.pkl`, `s3:///y`), "the bucket is missing"},
		"uri bad bucket":   {replace(`s3://ml-models/u/model.pkl`, `s3://My_Bucket/y`), "the bucket's name is not valid"},
		"uri no key":       {replace(`s3://ml-models/u/model.pkl`, `s3://ml-models`), "the key is missing"},
		"uri empty key":    {replace(`s3://ml-models/u/model.pkl`, `s3://ml-models/`), "the key is missing"},
		"uri folder":       {replace(`s3://ml-results/u/out.csv`, `s3://ml-results/u/`), "it names a folder, not an object"},
		"on_error word":    {replace(`"price"`, `"price", "on_error": "skip"`), `on_error must be "fail" or "reject", found "skip"`},
		"on_error bool":    {replace(`"price"`, `"price", "on_error": true`), "on_error must be a string, found bool"},
		"rate a string":    {replace(`"price"`, `"price", "max_error_rate": "1%"`), "max_error_rate must be a number, found string"},
		"rate a percent":   {replace(`"price"`, `"price", "max_error_rate": 5`), "max_error_rate must be from 0 to 1, found 5"},
		"rate negative":    {replace(`"price"`, `"price", "max_error_rate": -0.1`), "max_error_rate must be from 0 to 1, found -0.1"},
		"output is data":   {replace(`s3://ml-results/u/out.csv`, `s3://ml-data/u/in put+%東京.csv`), "output_s3_uri is the same object as data_s3_uri"},
		"output is model":  {replace(`s3://ml-results/u/out.csv`, `s3://ml-models/u/model.pkl`), "output_s3_uri is the same object as model_s3_uri"},
		"output too long":  {replace(`u/out.csv`, strings.Repeat("x", 1012)), "output_s3_uri leaves no room for a receipt beside it: the receipt's key would have 1025 bytes, more than S3's 1,024. Name a result with a key of at most 1011 bytes"},
		"data is rejects":  {replace(`s3://ml-data/u/in put+%東京.csv"`, `s3://ml-results/u/out.csv.rejects.csv", "on_error": "reject"`), "data_s3_uri is what the job writes beside output_s3_uri: s3://ml-results/u/out.csv.rejects.csv. Name another object"},
		"data is receipt":  {replace(`s3://ml-data/u/in put+%東京.csv`, `s3://ml-results/u/out.csv.receipt.json`), "data_s3_uri is what the job writes beside output_s3_uri: s3://ml-results/u/out.csv.receipt.json. Name another object"},
		"model is receipt": {replace(`s3://ml-models/u/model.pkl`, `s3://ml-results/u/out.csv.receipt.json`), "model_s3_uri is what the job writes beside output_s3_uri: s3://ml-results/u/out.csv.receipt.json. Name another object"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(t, c.payload)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			if Status(err) != 400 {
				t.Errorf("status %d, want 400", Status(err))
			}
		})
	}
}

func TestOver(t *testing.T) {
	defaults := Payload{}
	defaults.Set("prediction_column_name", "prediction")
	defaults.Set("feature_columns", "auto")
	p, err := ParsePayload("it", []byte(`{"prediction_column_name": "price", "feature_columns": null}`))
	if err != nil {
		t.Fatal(err)
	}
	all := p.Over(defaults)
	if string(all["prediction_column_name"]) != `"price"` || string(all["feature_columns"]) != `"auto"` {
		t.Errorf("got %s", all)
	}
	if string(defaults["prediction_column_name"]) != `"prediction"` {
		t.Error("Over changed the defaults")
	}
}
