"""Seeded tables that look like the ones people have, and the questions asked of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

SEEN, NEW = 240, 150  # rows that a model is fitted on, rows that it predicts


@dataclass(frozen=True)
class Task:
    """A table, the columns that a model reads and the column or columns that it predicts."""

    table: pd.DataFrame
    features: list
    target: str | list | None
    seen: int = SEEN

    @property
    def x(self):
        return self.table[self.features].iloc[: self.seen]

    @property
    def y(self):
        return None if self.target is None else self.table[self.target].iloc[: self.seen]

    @property
    def new(self):
        """The rows to predict, with the key column that real tables have."""
        columns = [c for c in self.table if c in self.features or c == self.table.columns[0]]
        return self.table[columns].iloc[self.seen :]

    def small(self, seen=60, new=30):
        return Task(self.table.iloc[: seen + new], self.features, self.target, seen)


def housing(rows=SEEN + NEW, seed=1):
    r = np.random.default_rng(seed)
    area = r.lognormal(7.4, 0.35, rows).round(1)
    bedrooms = np.clip((area / 600 + r.normal(0, 0.8, rows)).round(), 1, 7).astype(int)
    built = r.integers(1905, 2023, rows)
    quality = r.integers(1, 11, rows)
    garage = r.random(rows) < 0.6
    place = r.choice(["Riverside", "Old Town", "Hill's End", "Québec", "North, upper"], rows, p=[0.35, 0.3, 0.2, 0.1, 0.05])
    premium = pd.Series(place).map({"Riverside": 60, "Old Town": 90, "Hill's End": 20, "Québec": 45, "North, upper": 140})
    price = 40 + 0.11 * area + 14 * quality + 0.3 * (built - 1900) + 18 * garage + premium + r.normal(0, 18, rows)
    return pd.DataFrame({
        "id": [f"{i:05d}" for i in range(1, rows + 1)],
        "Neighborhood": place,
        "House style": r.choice(["1Story", "2Story", "SLvl", "NA-style"], rows, p=[0.5, 0.35, 0.1, 0.05]),
        "Living area": area,
        "bedrooms": bedrooms,
        "bathrooms": (r.integers(2, 9, rows) / 2),
        "Year built": built,
        "Lot size (acres)": r.gamma(2, 0.2, rows).round(3),
        "Has garage": garage,
        "quality": quality,
        "price": (price * 1000).round(2),
        "Monthly rent": (price * 4.1 + r.normal(0, 60, rows)).round(2),
        "band": np.select([price < 330, price < 430], ["low", "middle"], "high"),
        "Sold fast": price + r.normal(0, 30, rows) < 350,
    })


def churn(rows=SEEN + NEW, seed=2):
    r = np.random.default_rng(seed)
    tenure = r.integers(0, 73, rows)
    monthly = r.normal(65, 28, rows).clip(18.25, 120).round(2)
    calls = r.poisson(1.4, rows)
    contract = r.choice(["Month-to-month", "One year", "Two year"], rows, p=[0.55, 0.25, 0.2])
    risk = 0.9 - 0.05 * tenure + 0.02 * monthly + 0.5 * calls - 1.3 * (contract != "Month-to-month") + r.normal(0, 0.9, rows)
    return pd.DataFrame({
        "customerID": [f"{7000 + 13 * i}-QX" for i in range(rows)],
        "tenure": tenure,
        "Monthly charges": monthly,
        "Total charges": (tenure * monthly * r.uniform(0.95, 1.05, rows)).round(2),
        "Support calls": calls,
        "Contract": contract,
        "Payment method": r.choice(["Bank transfer", "Credit card", "Electronic check", "Mailed check"], rows),
        "Senior citizen": (r.random(rows) < 0.2).astype(int),
        "Paperless": r.random(rows) < 0.6,
        "churned": np.where(risk > 0.6, "Yes", "No"),
        "sign": np.where(risk > 0.6, 1, -1),
        "Leaves soon": risk > 0.6,
        "Plan": np.select([risk < -0.5, risk < 0.9], [10, 40], 25),
        "Plan level": np.select([risk < -0.5, risk < 0.9], [1.0, 3.0], 4.0),
        "weight": r.uniform(0.2, 3, rows).round(2),
    })


def energy(rows=SEEN + NEW, seed=3):
    r = np.random.default_rng(seed)
    compact = r.choice(np.arange(0.62, 0.99, 0.03).round(2), rows)
    wall = (r.choice(np.arange(245, 417, 24.5), rows) + r.integers(0, 3, rows) / 2).round(1)
    height = r.choice([3.5, 7.0], rows)
    glazing = r.choice([0.0, 0.1, 0.25, 0.4], rows)
    orientation = r.integers(2, 6, rows)
    heating = 60 * compact - 0.05 * wall + 4.2 * height + 22 * glazing - 18 + r.normal(0, 1.5, rows)
    cooling = 35 * compact + 0.02 * wall + 3.1 * height + 17 * glazing + 0.3 * orientation + r.normal(0, 1.5, rows)
    return pd.DataFrame({
        "building": [f"B-{i}" for i in range(rows)],
        "Relative compactness": compact,
        "Wall area": wall,
        "Overall height": height,
        "orientation": orientation,
        "Glazing area": glazing,
        "Roof temp °C": r.normal(21, 6, rows).round(1),
        "Heating load": heating.round(2),
        "Cooling load": cooling.round(2),
        "Class": np.select([heating < 25, heating < 38], ["A", "B"], "C/D"),
        "Zone": np.select([cooling < 50, cooling < 62], ["cool", "mild"], "warm"),
        "Over heating": (heating > 32).astype(int),
        "Over cooling": (cooling > 56).astype(int),
        "weight": r.integers(1, 5, rows),
    })


def sensors(rows=SEEN + NEW, seed=4):
    r = np.random.default_rng(seed)
    temperature = r.normal(71.3, 9.4, rows).round(1)
    humidity = r.uniform(12, 96, rows).round(1)
    vibration = r.lognormal(-1.2, 0.6, rows).round(4)
    machine = r.integers(0, 8, rows)
    load = 0.05 * (temperature - 60) + 1.8 * vibration + 0.12 * np.array([0, 3, 1, 7, 2, 9, 4, 1])[machine] + r.normal(0, 0.35, rows)
    return pd.DataFrame({
        "reading": np.arange(1000, 1000 + rows),
        "temperature_c": temperature,
        "humidity_pct": humidity,
        "pressure_hpa": r.normal(1013.2, 8, rows).round(1),
        "vibration rms": vibration,
        "machine": machine,
        "shift": r.integers(1, 4, rows),
        "fault": np.select([load < 1.1, load < 2.2], [0, 1], 3),
        "alarm": (load > 1.7).astype(int),
        "failures": r.poisson(np.exp(np.clip(load - 1, -3, 2))),
        "Hours left": (900 * np.exp(-0.7 * load) + r.gamma(2, 12, rows)).round(1),
    })


def grid(rows=SEEN + NEW, seed=5):
    """Whole numbers on a small grid: most distances tie."""
    r = np.random.default_rng(seed)
    x, y, z = r.integers(0, 8, rows), r.integers(0, 8, rows), r.integers(0, 3, rows)
    return pd.DataFrame({
        "cell": np.arange(rows),
        "x": x,
        "y": y,
        "floor no": z,
        "kind": np.array(["empty", "shelf", "dock"])[(x * 3 + y + 2 * z + r.integers(0, 3, rows)) % 3],
        "stock": (x * y + r.integers(0, 9, rows)) * 1.5,
        "picks": x + 2 * z + r.integers(0, 4, rows),
    })


def with_gaps(table, columns, share=0.08, seed=6):
    """The table with some cells of the columns missing."""
    r = np.random.default_rng(seed)
    return table.assign(**{c: table[c].mask(r.random(len(table)) < share) for c in columns})


def with_stranger(table, column, value):
    """The table with a value in some of the rows to predict that no model has seen."""
    new = np.arange(len(table)) >= SEEN
    return table.assign(**{column: table[column].mask(new & (np.arange(len(table)) % 13 == 5), value)})


def standardized(table, columns):
    """The table with columns as a measuring pipeline exports them: z-scores of four decimals."""
    return table.assign(**{c: ((table[c] - table[c].mean()) / table[c].std()).round(4) for c in columns})


HOUSING, CHURN, ENERGY, SENSORS, GRID = housing(), churn(), energy(), sensors(), grid()

HOUSE_NUMBERS = ["Living area", "bedrooms", "bathrooms", "Year built", "Lot size (acres)", "quality"]
HOUSE_TEXTS = ["Neighborhood", "House style"]
HOUSE_MIXED = HOUSE_TEXTS + HOUSE_NUMBERS + ["Has garage"]
HOUSING_GAPS = with_gaps(HOUSING, HOUSE_TEXTS + ["bathrooms", "Lot size (acres)", "quality"])

CHURN_NUMBERS = ["tenure", "Monthly charges", "Total charges", "Support calls", "Senior citizen", "Paperless"]
CHURN_TEXTS = ["Contract", "Payment method"]
CHURN_MIXED = CHURN_NUMBERS + CHURN_TEXTS

ENERGY_NUMBERS = ["Relative compactness", "Wall area", "Overall height", "orientation", "Glazing area", "Roof temp °C"]
SENSOR_NUMBERS = ["temperature_c", "humidity_pct", "pressure_hpa", "vibration rms"]
SENSOR_CODES = SENSOR_NUMBERS + ["machine", "shift"]
SENSORS_GAPS = with_gaps(SENSORS, SENSOR_CODES)
CHURN_Z, ENERGY_Z = standardized(CHURN, CHURN_NUMBERS), standardized(ENERGY, ENERGY_NUMBERS)
SENSORS_Z = standardized(SENSORS, SENSOR_CODES)
GRID_NUMBERS = ["x", "y", "floor no"]

PRICE = Task(HOUSING, HOUSE_NUMBERS, "price")
PRICE_MIXED = Task(HOUSING, HOUSE_MIXED, "price")
PRICE_GAPS = Task(HOUSING_GAPS, HOUSE_MIXED, "price")
PRICE_NUMBERS_GAPS = Task(HOUSING_GAPS, HOUSE_NUMBERS, "price")
PRICE_AND_RENT = Task(HOUSING, HOUSE_NUMBERS, ["price", "Monthly rent"])
BAND = Task(HOUSING, HOUSE_NUMBERS, "band")
SOLD_FAST = Task(HOUSING, HOUSE_NUMBERS, "Sold fast")

CHURNED = Task(CHURN, CHURN_NUMBERS, "churned")
CHURN_SIGN = Task(CHURN, CHURN_NUMBERS, "sign")
CHURN_MIX = Task(CHURN, CHURN_MIXED, "churned")
LEAVES = Task(CHURN, CHURN_NUMBERS, "Leaves soon")
PLAN = Task(CHURN, CHURN_NUMBERS, "Plan")
PLAN_LEVEL = Task(CHURN, CHURN_NUMBERS, "Plan level")

HEATING = Task(ENERGY, ENERGY_NUMBERS, "Heating load")
LOADS = Task(ENERGY, ENERGY_NUMBERS, ["Heating load", "Cooling load"])
EFFICIENCY = Task(ENERGY, ENERGY_NUMBERS, "Class")
CLASS_AND_ZONE = Task(ENERGY, ENERGY_NUMBERS, ["Class", "Zone"])
OVERS = Task(ENERGY, ENERGY_NUMBERS, ["Over heating", "Over cooling"])

FAULT = Task(SENSORS, SENSOR_NUMBERS, "fault")
FAULT_GAPS = Task(SENSORS_GAPS, SENSOR_CODES, "fault")
ALARM = Task(SENSORS, SENSOR_NUMBERS, "alarm")
ALARM_CODES = Task(SENSORS, SENSOR_CODES, "alarm")
FAILURES = Task(SENSORS, SENSOR_CODES, "failures")
HOURS = Task(SENSORS, SENSOR_CODES, "Hours left")
HOURS_GAPS = Task(SENSORS_GAPS, SENSOR_CODES, "Hours left")
READINGS = Task(SENSORS, SENSOR_NUMBERS, None)

CHURNED_Z = Task(CHURN_Z, CHURN_NUMBERS, "churned")
PLAN_Z = Task(CHURN_Z, CHURN_NUMBERS, "Plan")
LEAVES_Z = Task(CHURN_Z, CHURN_NUMBERS, "Leaves soon")
HEATING_Z = Task(ENERGY_Z, ENERGY_NUMBERS, "Heating load")
ALARM_Z = Task(SENSORS_Z, SENSOR_CODES, "alarm")
FAULT_Z = Task(SENSORS_Z, SENSOR_CODES, "fault")
FAILURES_Z = Task(SENSORS_Z, SENSOR_CODES, "failures")

KIND = Task(GRID, GRID_NUMBERS, "kind")
STOCK = Task(GRID, GRID_NUMBERS, "stock")
STOCK_AND_PICKS = Task(GRID, GRID_NUMBERS, ["stock", "picks"])
