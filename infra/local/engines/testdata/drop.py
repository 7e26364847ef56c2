"""A model and a table, put into the deployed stack's buckets, come back predicted."""

import json
import sys
import time

import boto3

models, data, results, sample = sys.argv[1:]
s3 = boto3.client("s3")


def read(name):
    with open(f"{sample}/{name}", "rb") as f:
        return f.read()


def await_object(key):
    deadline = time.monotonic() + 120
    while True:
        try:
            return s3.get_object(Bucket=results, Key=key)["Body"].read()
        except s3.exceptions.NoSuchKey:
            assert time.monotonic() < deadline, f"{key} does not come"
            time.sleep(0.1)


s3.put_object(Bucket=models, Key="house prices/model.pkl", Body=read("house-prices/model.pkl"))
s3.put_object(Bucket=data, Key="house prices/2026/東京.csv", Body=read("house-prices.csv"))
receipt = json.loads(await_object("house prices/2026/東京.csv.receipt.json"))
assert receipt["status"] == "succeeded", receipt
assert await_object("house prices/2026/東京.csv") == read("expected.csv"), "other predictions"
