"""Everything this package raises on purpose, one tree.

::

    DlfaError                     caught by the app and the command line; never a traceback
    ├── InputError                what a person typed or chose
    │   ├── TextError             empty, too long, not text
    │   ├── UnknownHeadError      a head the model does not have
    │   ├── UnknownLanguageError  a language the task does not have
    │   ├── SessionFileError      too large, or not a session file
    │   └── BatchTooSmallError    batch norm cannot train on one sentence
    ├── ModelError                something is wrong with a model
    │   ├── UnknownModelError     no such name, folder or Hub id
    │   ├── BrokenFileError       truncated, tampered with, wrong keys
    │   ├── UnsafeFileError       a pickle, or code in the repository
    │   ├── UnsupportedEncoderError  not a BERT-type encoder, or fewer than three layers
    │   ├── UntrainedError        an encoder without trained heads
    │   └── WrongTaskError        it answers pairs where words are to be tagged, or the reverse
    ├── SourceError               data or weights that are not at hand
    │   ├── OfflineError          the Hub does not answer
    │   ├── MissingDataError      neither a mirror nor the Hub has it
    │   └── BrokenDataError       damaged, or not as its task declares it
    ├── PublishingError           the Hub does not take a checkpoint
    ├── RunError                  a run record that cannot be read or written
    ├── PolicyError               not allowed on this instance
    ├── MemoryFullError           the device's memory holds not even one example
    └── BusyError                 too many people at once

Every error carries a message key and the message's parameters; its text says what to do next.
"""

from dlfa.messages import _

__all__ = [
    "BatchTooSmallError",
    "BrokenDataError",
    "BrokenFileError",
    "BusyError",
    "DlfaError",
    "InputError",
    "MemoryFullError",
    "MissingDataError",
    "ModelError",
    "OfflineError",
    "PolicyError",
    "PublishingError",
    "RunError",
    "SessionFileError",
    "SourceError",
    "TextError",
    "UnknownHeadError",
    "UnknownLanguageError",
    "UnknownModelError",
    "UnsafeFileError",
    "UnsupportedEncoderError",
    "UntrainedError",
    "WrongTaskError",
]


class DlfaError(Exception):
    """An expected failure, told in one sentence with its remedy.

    Args:
        key: the message's key in the catalogue, such as ``"error.hub.offline"``.
        params: values for the message's placeholders.
    """

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key, params)
        self.key = key
        self.params = params

    def __str__(self) -> str:
        return _(self.key, **self.params)


class InputError(DlfaError): ...


class TextError(InputError): ...


class UnknownHeadError(InputError): ...


class UnknownLanguageError(InputError): ...


class SessionFileError(InputError): ...


class BatchTooSmallError(InputError): ...


class ModelError(DlfaError): ...


class UnknownModelError(ModelError): ...


class BrokenFileError(ModelError): ...


class UnsafeFileError(ModelError): ...


class UnsupportedEncoderError(ModelError): ...


class UntrainedError(ModelError): ...


class WrongTaskError(ModelError): ...


class SourceError(DlfaError): ...


class OfflineError(SourceError): ...


class MissingDataError(SourceError): ...


class BrokenDataError(SourceError): ...


class PublishingError(DlfaError): ...


class RunError(DlfaError): ...


class PolicyError(DlfaError): ...


class MemoryFullError(DlfaError): ...


class BusyError(DlfaError): ...
