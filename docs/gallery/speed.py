"""What a spike costs against the number of neurons, as the benchmark measured it, and the light loop beside it."""

import json
from pathlib import Path

import matplotlib.pyplot as plt

files = [Path(folder, "benches/RESULTS.json") for folder in (".", "../..")]  # from a checkout, and from here
text = next((file.read_text(encoding="utf-8") for file in files if file.exists()), '{"tables": {"none": {}}}')
rows = next(iter(json.loads(text)["tables"].values()))
sizes = [int(name.removeprefix("N = ").replace(",", "")) for name in rows]
for column, label in (("kernel", "facilis"), ("light", "light loop")):
    plt.loglog(sizes, [row[column]["median"] for row in rows.values()], "o-", label=label)
plt.gca().set(xlabel="number of neurons", ylabel="nanoseconds per spike")
plt.legend()
