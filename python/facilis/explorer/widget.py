"""The widget: messages from the browser in, pictures out.

The browser never has more than one question under way, and asks for the newest settings only: changes that come
faster than answers are skipped, never queued.
"""

from importlib.resources import files
from typing import Any

import anywidget
import numpy as np
import traitlets

from ..model.model import Model
from .answers import Answer, MemorySurvey, picture
from .settings import Settings


class Explorer(anywidget.AnyWidget):
    """The explorer of one model; see `facilis.explore`."""

    _esm = (files(__package__) / "explorer.js").read_text(encoding="utf-8")
    _css = (files(__package__) / "explorer.css").read_text(encoding="utf-8")
    _controls: Any = traitlets.List().tag(sync=True)
    _start: Any = traitlets.Dict().tag(sync=True)

    def __init__(self, model: Model, **start: Any) -> None:
        self.settings = Settings(model).changed(start)
        self._survey = MemorySurvey(self.settings)
        super().__init__(
            _controls=[vars(slider) for slider in self.settings.sliders()],
            _start={name: getattr(self.settings, name) for name in ("potential", "calcium", "seed")},
        )
        self.on_msg(self._asked)

    def _asked(self, _widget: Any, question: dict[str, Any], _buffers: Any) -> None:
        """Answer one question of the browser."""
        if question["kind"] == "memory":
            return self._reply("memory", question["number"], self._survey.more())
        try:
            self.settings = self.settings.changed(question["values"])
        except (TypeError, ValueError) as error:
            return self._reply("refused", question["number"], Answer(notes=[str(error)]))
        self._survey = MemorySurvey(self.settings)
        return self._reply("picture", question["number"], picture(self.settings))

    def _reply(self, kind: str, number: int, answer: Answer) -> None:
        content = {"kind": kind, "number": number, "facts": answer.facts, "notes": answer.notes}
        content["arrays"] = list(answer.arrays)
        self.send(content, [np.asarray(array, "<f4").tobytes() for array in answer.arrays.values()])
