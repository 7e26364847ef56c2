"""Every documented answer of the direct handler, asked for with boto3."""

import gzip
import json
import os
import sys

import boto3

endpoint = os.environ["ENDPOINT"]
s3 = boto3.client("s3", endpoint_url=endpoint)
functions = boto3.client("lambda", endpoint_url=endpoint)
sample, linear = sys.argv[1:]

HEADER = b"Living area,bedrooms,bathrooms,Year built,Lot size (acres),quality\n"
ROW = b"1691.7,3,1.5,2000,2.118,10\n"

with open(f"{linear}/model.pkl", "rb") as f:
    model = f.read()
s3.put_object(Bucket="ml-models", Key="linear/model.pkl", Body=model)
s3.put_object(Bucket="ml-models", Key="linear/cut.pkl", Body=model[:300])
s3.put_object(Bucket="ml-models", Key="linear/hostile.pkl", Body=b"cposix\nsystem\n(S'touch /tmp/owned'\ntR.")
s3.put_object(Bucket="ml-data", Key="linear a b+%東京.csv", Body=HEADER + ROW)  # no folder: no execution

GOOD = {
    "model_s3_uri": "s3://ml-models/linear/model.pkl",
    "data_s3_uri": "s3://ml-data/linear a b+%東京.csv",
    "output_s3_uri": "s3://ml-results/direct/o.csv",
    "prediction_column_name": "price",
    "feature_columns": ["Living area", "bedrooms", "bathrooms", "Year built", "Lot size (acres)", "quality"],
}


def invoke(payload):
    answer = functions.invoke(FunctionName="ml-prediction-handler", InvocationType="RequestResponse", Payload=json.dumps(payload))
    assert answer["StatusCode"] == 200 and "FunctionError" not in answer, answer
    return json.loads(answer["Payload"].read())


def results():
    return {o["Key"]: o["ETag"] for o in s3.list_objects_v2(Bucket="ml-results").get("Contents", [])}


def refused(want, payload, kind="ValidationError", status=400):
    before = results()
    got = invoke(payload)
    assert got["statusCode"] == status, got
    assert got["body"]["success"] is False and got["body"]["error_type"] == kind, got
    assert want in got["body"]["error"], f"{got['body']['error']!r} does not say {want!r}"
    assert results() == before, "something was written"
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="ml-results"), "an upload is open"
    print("400", got["body"]["error"])


def with_data(name, body, **fields):
    s3.put_object(Bucket="ml-data", Key=f"linear-{name}", Body=body)
    return {**GOOD, "data_s3_uri": f"s3://ml-data/linear-{name}", **fields}


# 200
got = invoke({**GOOD, "something_else": [1]})
assert got == {
    "statusCode": 200,
    "body": {"success": True, "predictions_generated": 1, "output_s3_uri": GOOD["output_s3_uri"], "prediction_column_name": "price"},
}, got
whole = s3.get_object(Bucket="ml-results", Key="direct/o.csv")["Body"].read()
head, row, rest = whole.split(b"\n")
assert head == HEADER.strip() + b",price" and row.startswith(ROW.strip() + b",") and rest == b"", whole
got = invoke(with_data("gz.csv.gz", gzip.compress(HEADER + ROW)))
assert got["statusCode"] == 200, got
assert s3.get_object(Bucket="ml-results", Key="direct/o.csv")["Body"].read() == whole

# 400: the payload
for field in GOOD:
    refused(f"Missing required fields: {field}", {k: v for k, v in GOOD.items() if k != field})
refused("Missing required fields: model_s3_uri, data_s3_uri, output_s3_uri, prediction_column_name, feature_columns", {})
refused("the payload must be a JSON object", [])
refused("prediction_column_name must be a string, found number", {**GOOD, "prediction_column_name": 7})
refused("feature_columns must be a list", {**GOOD, "feature_columns": {"a": 1}})
for uri in ["http://b/k", "s3://", "s3://bucket", "s3:///key", "s3://bucket/", "bucket/key", "s3://UPPER/key"]:
    refused("Invalid S3 URI in data_s3_uri", {**GOOD, "data_s3_uri": uri})
refused("the same object as data_s3_uri", {**GOOD, "output_s3_uri": GOOD["data_s3_uri"]})

# 400: what it names
refused("Model file not found: s3://ml-models/none.pkl", {**GOOD, "model_s3_uri": "s3://ml-models/none.pkl"})
refused("Data file not found: s3://ml-data/none.csv", {**GOOD, "data_s3_uri": "s3://ml-data/none.csv"})
refused("no-such-bucket", {**GOOD, "data_s3_uri": "s3://no-such-bucket/a.csv"})
refused("no-such-bucket", {**GOOD, "output_s3_uri": "s3://no-such-bucket/a.csv"})
refused("cut.pkl", {**GOOD, "model_s3_uri": "s3://ml-models/linear/cut.pkl"})
refused("posix.system", {**GOOD, "model_s3_uri": "s3://ml-models/linear/hostile.pkl"})
assert not os.path.exists("/tmp/owned")
refused("quality", {**GOOD, "feature_columns": GOOD["feature_columns"][:-1]})

# 400: the table
refused("Missing required feature columns: bedrooms, quality", with_data("columns.csv", b"Living area,bathrooms,Year built,Lot size (acres)\n1,2,3,4\n"))
refused("the table is empty", with_data("empty.csv", b""))
refused("no rows", with_data("header.csv", HEADER))
refused('row 2, column "bedrooms", value "three": not a number', with_data("text.csv", HEADER + ROW + ROW.replace(b",3,", b",three,")))
refused('row 1, column "bedrooms": LinearRegression does not accept missing values', with_data("nan.csv", HEADER + ROW.replace(b",3,", b",,")))
refused("row 2: expected 6 fields, found 7", with_data("long.csv", HEADER + ROW + b"1," + ROW))
refused("Excel", with_data("xlsx.csv", b"PK\x03\x04" + b"\0" * 30 + b"[Content_Types].xml"))
refused("Parquet", with_data("parquet.csv", b"PAR1" + b"\0" * 30 + b"PAR1"))
