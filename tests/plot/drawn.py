"""What the tests of pictures draw, and the words that they find in a legend."""

import facilis as fc

MODEL = fc.Model.example("memory")
PULSES = [fc.Pulse(5.0, 15.0, 3.0), fc.Pulse(20.0, 25.0, 1.0)]


def labels(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]
